//! Which documents a site generator shows: there the generator decides where a link leads, not the file tree.

use crate::fact::inventory::Inventory;

/// Files in a directory that make a site of it.
const GENERATORS: &[&str] = &[
    "docusaurus.config.js",
    "docusaurus.config.ts",
    "docusaurus.config.mjs",
    "mkdocs.yml",
    "mkdocs.yaml",
    "mkdocs.public.yml",
    "mkdocs.template.yml",
    "properdocs.yml",
    "zensical.toml",
    "hugo.toml",
    "hugo.yaml",
    "hugo.yml",
    "hugo.json",
    "_config.yml",
    "_config.toml",
    "antora.yml",
    "astro.config.mjs",
    "astro.config.ts",
    "gatsby-config.js",
    ".eleventy.js",
    "eleventy.config.js",
    "mint.json",
    "sidebars.js",
    "sidebars.ts",
    "conf.py",
    ".vitepress/config.ts",
    ".vitepress/config.js",
    ".vitepress/config.mts",
    ".vitepress/config.mjs",
    ".vuepress/config.js",
    ".vuepress/config.ts",
    "docusaurus.config.cjs",
    "eleventy.config.mjs",
    "eleventy.config.cjs",
    "astro.config.js",
    "astro.config.mts",
    "theme.config.tsx",
    "theme.config.jsx",
    "config/_default/hugo.toml",
    "config/_default/hugo.yaml",
    "config/_default/config.toml",
    "config/tech-docs.yml",
    "_quarto.yml",
    "_toc.yml",
    "_sidebar.md",
    "_coverpage.md",
    "_pkgdown.yml",
    "_bookdown.yml",
    "pelicanconf.py",
    "docfx.json",
];

/// Where a generator at the top of a repository keeps its pages; the readme beside it is none of them.
const PAGES: &[&str] = &[
    "docs",
    "doc",
    "content",
    "src",
    "blog",
    "site",
    "website",
    "pages",
    "i18n",
    "versioned_docs",
    "modules",
    "source",
    "_posts",
    "_docs",
    "_pages",
    "exampleSite",
];

/// Keys of a page's frontmatter that only generators read.
const KEYS: &[&str] = &[
    "layout:",
    "permalink:",
    "sidebar_position:",
    "sidebar_label:",
    "sidebar:",
    "slug:",
    "weight:",
    "menu:",
    "url:",
    "aliases:",
    "nav_order:",
    "hide_title:",
    "linkTitle:",
    "redirect_from:",
    "type: docs",
    "template:",
];

/// Whether a generator routes the page at this path.
pub(super) fn is_routed(path: &str, frontmatter: &str, inventory: &Inventory) -> bool {
    if frontmatter.lines().any(|line| KEYS.iter().any(|key| line.starts_with(key))) {
        return true;
    }
    let mut dir = path;
    while let Some((above, _)) = dir.rsplit_once('/') {
        dir = above;
        if holds_site(dir, inventory) {
            return true;
        }
    }
    // A catalogue of DocC finds its pictures and pages by name.
    if path.split('/').any(|dir| dir.ends_with(".docc")) {
        return true;
    }
    // Its pages may lie anywhere.
    if inventory.is_dir(".obsidian") {
        return true;
    }
    let mint = path.ends_with(".mdx") && ["docs.json", "mint.json"].iter().any(|file| inventory.is_file(file));
    if mint {
        return true;
    }
    let first = path.split_once('/').map(|(first, _)| first);
    first.is_some_and(|first| PAGES.contains(&first)) && holds_site("", inventory)
}

/// Whether the page is one of those that Sphinx makes a site of.
pub(super) fn is_sphinx(path: &str, inventory: &Inventory) -> bool {
    const SIGNS: [&str; 3] = ["conf.py", "_toc.yml", "myst.yml"];
    let above = path.match_indices('/').map(|(at, _)| &path[..=at]);
    std::iter::once("").chain(above).any(|dir| SIGNS.iter().any(|file| inventory.is_file(&format!("{dir}{file}"))))
}

/// Whether the project is at home on GitHub and nowhere else.
pub(super) fn is_github(inventory: &Inventory) -> bool {
    inventory.is_dir(".github") && !inventory.is_file(".gitlab-ci.yml") && !inventory.is_file("azure-pipelines.yml")
}

fn holds_site(dir: &str, inventory: &Inventory) -> bool {
    let name = |file: &str| if dir.is_empty() { file.to_owned() } else { format!("{dir}/{file}") };
    let hugo = || inventory.is_file(&name("config.toml")) && inventory.is_dir(&name("content"));
    // Notes link to each other by name, wherever in the vault they lie.
    let vault = || inventory.is_dir(&name(".obsidian"));
    GENERATORS.iter().any(|file| inventory.is_file(&name(file))) || hugo() || vault()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generator_routes_its_pages_and_not_the_readme_beside_it() {
        let top = Inventory::new(["mkdocs.yml", "README.md", "docs/a/b.md", "deploy/README.md"]);
        assert!(is_routed("docs/a/b.md", "", &top));
        assert!(!is_routed("README.md", "", &top) && !is_routed("deploy/README.md", "", &top));
        let below = Inventory::new(["website/docusaurus.config.js", "website/x/y.md", "docs/a.md"]);
        assert!(is_routed("website/x/y.md", "", &below) && !is_routed("docs/a.md", "", &below));
        let hugo = Inventory::new(["site/config.toml", "site/content/a.md"]);
        assert!(is_routed("site/content/a.md", "", &hugo));
        assert!(is_routed("a.md", "title: A\nsidebar_position: 2\n", &Inventory::default()));
        assert!(!is_routed("a.md", "title: A\nstatus: accepted\n", &Inventory::default()));
    }
}
