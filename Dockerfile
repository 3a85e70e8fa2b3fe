# The static program and nothing else: no shell, no package, no user but the one below.
# The release lays the programs out as image/amd64/infralint and image/arm64/infralint.
FROM scratch
ARG TARGETARCH
LABEL org.opencontainers.image.title="infralint" \
      org.opencontainers.image.description="One linter for the infrastructure files and documents of a repository" \
      org.opencontainers.image.licenses="MIT OR Apache-2.0"
COPY --chmod=0555 image/${TARGETARCH}/infralint /infralint
USER 10001:10001
WORKDIR /work
ENTRYPOINT ["/infralint"]
CMD ["."]
