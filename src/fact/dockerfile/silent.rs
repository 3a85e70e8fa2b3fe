//! Images that expose no port of their own: what is built on them exposes what its Dockerfile says, and nothing else.

use super::facts::Image;

/// By name: systems and languages, no servers.
const SILENT: &[&str] = &[
    "almalinux",
    "alpine",
    "amazoncorretto",
    "amazonlinux",
    "archlinux",
    "bash",
    "buildpack-deps",
    "busybox",
    "centos",
    "clojure",
    "debian",
    "eclipse-temurin",
    "elixir",
    "fedora",
    "gcc",
    "golang",
    "gradle",
    "groovy",
    "haskell",
    "julia",
    "maven",
    "node",
    "openjdk",
    "oraclelinux",
    "perl",
    "photon",
    "pypy",
    "python",
    "rockylinux",
    "ruby",
    "rust",
    "sapmachine",
    "swift",
    "ubuntu",
    "cgr.dev/chainguard/static",
    "cgr.dev/chainguard/wolfi-base",
    "mcr.microsoft.com/dotnet/runtime",
    "mcr.microsoft.com/dotnet/runtime-deps",
    "mcr.microsoft.com/dotnet/sdk",
    "mcr.microsoft.com/openjdk/jdk",
    "public.ecr.aws/amazonlinux/amazonlinux",
    "registry.access.redhat.com/ubi8/ubi",
    "registry.access.redhat.com/ubi8/ubi-minimal",
    "registry.access.redhat.com/ubi9/ubi",
    "registry.access.redhat.com/ubi9/ubi-minimal",
    "registry.access.redhat.com/ubi9/ubi-micro",
];

/// Names under which registries offer the same images.
const MIRRORS: &[&str] =
    &["docker.io/library/", "docker.io/", "library/", "public.ecr.aws/docker/library/", "mirror.gcr.io/library/"];

/// Whether an image is known to expose nothing, and to ask nothing of what is built on it.
pub(super) fn exposes_nothing(image: &Image) -> bool {
    let Some(name) = image.name.known() else { return false };
    let bare = MIRRORS.iter().find_map(|mirror| name.strip_prefix(mirror)).unwrap_or(name);
    let known = SILENT.contains(&bare) || bare.starts_with("gcr.io/distroless/");
    // ONBUILD in an image may do anything; of a tag that is not known there may be another image behind the name.
    known && !image.tag.known().is_some_and(|tag| tag.contains("onbuild"))
}
