//! What a Rust file says, as far as the rules ask: paths, string literals, traits, implementations, attributes.
//!
//! Items under `#[cfg(test)]` and `#[test]` are left out of [`product`]; [`read`] takes everything. Macro calls are
//! read token by token, since their arguments need not be Rust expressions. Comments and doc comments are no facts.

use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::{self, Visit};

use crate::sources::Source;

/// What one file says.
#[derive(Debug, Default)]
pub struct Facts {
    /// Paths as written, `::` between segments; `use` trees are spread out, and a crate used whole (`use chain as c`)
    /// is `chain::self`, so that it is told from a variable of that name.
    pub paths: Vec<String>,
    /// String literals.
    pub strings: Vec<String>,
    /// Traits defined here.
    pub traits: Vec<String>,
    /// Traits implemented here (last segment), once for each `impl` block.
    pub impls: Vec<String>,
    /// (macro, trait) for each trait that a `macro_rules!` here implements wherever it is called.
    pub macro_impls: Vec<(String, String)>,
    /// Macros called here.
    pub macro_calls: Vec<String>,
    /// Attributes as written, without doc comments: `derive (Debug , Clone)`.
    pub attributes: Vec<String>,
    /// Modules declared here, inline or as files.
    pub modules: Vec<String>,
}

/// Everything a file says, test code included.
pub fn read(source: &Source) -> Result<Facts, syn::Error> {
    let file = syn::parse_file(&source.text)?;
    let mut reader = Reader { facts: Facts::default(), with_tests: true };
    reader.visit_file(&file);
    Ok(reader.facts)
}

/// What a file says in the product: nothing if it is test code or does not parse (another test tells of that).
pub fn product(source: &Source) -> Facts {
    let mut reader = Reader { facts: Facts::default(), with_tests: false };
    if let (false, Ok(file)) = (source.test_only, syn::parse_file(&source.text))
        && !is_test_code(&file.attrs)
    {
        reader.visit_file(&file);
    }
    reader.facts
}

/// The modules in files of their own that are declared under `#[cfg(test)]`.
pub fn test_modules(text: &str) -> Vec<String> {
    let items = syn::parse_file(text).map(|file| file.items).unwrap_or_default();
    let modules = items.iter().filter_map(|item| match item {
        syn::Item::Mod(module) if module.content.is_none() && is_test_code(&module.attrs) => Some(module),
        _ => None,
    });
    modules.map(|module| module.ident.to_string()).collect()
}

struct Reader {
    facts: Facts,
    with_tests: bool,
}

impl Reader {
    fn skips(&self, attributes: &[syn::Attribute]) -> bool {
        !self.with_tests && is_test_code(attributes)
    }

    fn use_tree(&mut self, before: &str, tree: &syn::UseTree) {
        let joined = |name: &dyn std::fmt::Display| format!("{before}{name}");
        match tree {
            syn::UseTree::Path(path) => self.use_tree(&format!("{}::", joined(&path.ident)), &path.tree),
            syn::UseTree::Name(name) => self.used(joined(&name.ident)),
            syn::UseTree::Rename(rename) => self.used(joined(&rename.ident)),
            syn::UseTree::Glob(_) => self.facts.paths.push(joined(&"*")),
            syn::UseTree::Group(group) => group.items.iter().for_each(|item| self.use_tree(before, item)),
        }
    }

    fn used(&mut self, path: String) {
        let whole_crate = !path.contains("::");
        self.facts.paths.push(if whole_crate { format!("{path}::self") } else { path });
    }

    /// Reads tokens of a macro: paths of two segments or more, string literals, `impl … Trait for` if `within` a macro
    /// definition of that name.
    fn tokens(&mut self, mut at: Cursor<'_>, within: Option<&str>) {
        let mut last_path = String::new();
        while !at.eof() {
            if let Some((inner, _, _, next)) = at.any_group() {
                self.tokens(inner, within);
                at = next;
            } else if let Some((ident, next)) = at.ident() {
                let (path, next) = path_from(ident.to_string(), next);
                if let (true, Some(name)) = (path == "for", within) {
                    let implemented = last_path.rsplit("::").next().unwrap_or_default().to_owned();
                    self.facts.macro_impls.push((name.to_owned(), implemented));
                }
                if path.contains("::") {
                    self.facts.paths.push(path.clone());
                }
                last_path = path;
                at = next;
            } else if let Some((literal, next)) = at.literal() {
                if let Ok(string) = syn::parse_str::<syn::LitStr>(&literal.to_string()) {
                    self.facts.strings.push(string.value());
                }
                at = next;
            } else if let Some((_, next)) = at.token_tree() {
                at = next;
            } else {
                break;
            }
        }
    }
}

impl<'ast> Visit<'ast> for Reader {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        if !self.skips(attributes_of(item)) {
            visit::visit_item(self, item);
        }
    }

    fn visit_impl_item_fn(&mut self, function: &'ast syn::ImplItemFn) {
        if !self.skips(&function.attrs) {
            visit::visit_impl_item_fn(self, function);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.use_tree("", &item.tree);
    }

    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        self.facts.modules.push(module.ident.to_string());
        visit::visit_item_mod(self, module);
    }

    fn visit_item_trait(&mut self, item: &'ast syn::ItemTrait) {
        self.facts.traits.push(item.ident.to_string());
        visit::visit_item_trait(self, item);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        if let Some(segment) = item.trait_.as_ref().and_then(|(_, path, _)| path.segments.last()) {
            self.facts.impls.push(segment.ident.to_string());
        }
        visit::visit_item_impl(self, item);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        let segments: Vec<String> = path.segments.iter().map(|segment| segment.ident.to_string()).collect();
        self.facts.paths.push(segments.join("::"));
        visit::visit_path(self, path);
    }

    fn visit_item_macro(&mut self, item: &'ast syn::ItemMacro) {
        match &item.ident {
            Some(name) => {
                let body = TokenBuffer::new2(item.mac.tokens.clone());
                self.tokens(body.begin(), Some(&name.to_string()));
            }
            None => visit::visit_item_macro(self, item),
        }
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        if let Some(segment) = call.path.segments.last() {
            self.facts.macro_calls.push(segment.ident.to_string());
        }
        let arguments = TokenBuffer::new2(call.tokens.clone());
        self.tokens(arguments.begin(), None);
    }

    fn visit_lit_str(&mut self, literal: &'ast syn::LitStr) {
        self.facts.strings.push(literal.value());
    }

    fn visit_attribute(&mut self, attribute: &'ast syn::Attribute) {
        let name = attribute.path().segments.last().map(|segment| segment.ident.to_string()).unwrap_or_default();
        if let syn::Meta::List(list) = &attribute.meta {
            self.facts.attributes.push(format!("{name} ({})", list.tokens));
            let tokens = TokenBuffer::new2(list.tokens.clone());
            self.tokens(tokens.begin(), None);
        }
    }
}

/// The rest of a path after its first segment: `:: segment` as often as it stands there.
fn path_from<'a>(first: String, mut at: Cursor<'a>) -> (String, Cursor<'a>) {
    let mut path = first;
    while let Some((segment, next)) = next_segment(at) {
        path = format!("{path}::{segment}");
        at = next;
    }
    (path, at)
}

fn next_segment(at: Cursor<'_>) -> Option<(String, Cursor<'_>)> {
    let (first, at) = at.punct()?;
    let (second, at) = at.punct()?;
    let (segment, at) = at.ident()?;
    (first.as_char() == ':' && second.as_char() == ':').then(|| (segment.to_string(), at))
}

/// `#[test]`, `#[tokio::test]`, `#[cfg(test)]`, `#[cfg(all(test, …))]`; `not(test)` is the product.
fn is_test_code(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|attribute| {
        let name = attribute.path().segments.last().map(|segment| segment.ident.to_string());
        match (name.as_deref(), &attribute.meta) {
            (Some("test"), _) => true,
            (Some("cfg"), syn::Meta::List(list)) => {
                let condition = list.tokens.to_string();
                let mut words = condition.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
                words.any(|word| word == "test") && !condition.contains("not")
            }
            _ => false,
        }
    })
}

fn attributes_of(item: &syn::Item) -> &[syn::Attribute] {
    match item {
        syn::Item::Const(item) => &item.attrs,
        syn::Item::Enum(item) => &item.attrs,
        syn::Item::Fn(item) => &item.attrs,
        syn::Item::Impl(item) => &item.attrs,
        syn::Item::Macro(item) => &item.attrs,
        syn::Item::Mod(item) => &item.attrs,
        syn::Item::Static(item) => &item.attrs,
        syn::Item::Struct(item) => &item.attrs,
        syn::Item::Trait(item) => &item.attrs,
        syn::Item::Type(item) => &item.attrs,
        syn::Item::Use(item) => &item.attrs,
        _ => &[],
    }
}

#[test]
fn a_file_says_what_it_uses_and_its_tests_are_left_out() {
    let source = Source::example(
        "shared/x/src/lib.rs",
        r#"
        use std::{fs, io::Read as _};
        trait Carrier {}
        impl Carrier for u8 {}
        #[derive(serde::Serialize)]
        struct Row { path: std::path::PathBuf }
        fn one() { println!("{} {:?}", "SELECT", std::env::var("X")); }
        /// Words like std::net are no facts in a comment.
        #[cfg(test)]
        mod tests { use std::net; fn two() { let _ = "unseen"; } }
        #[cfg(not(test))]
        fn three() { clock::now() }
        "#,
    );
    let facts = product(&source);
    for path in ["std::fs", "std::io::Read", "std::path::PathBuf", "std::env::var", "clock::now"] {
        assert!(facts.paths.iter().any(|found| found == path), "{path} in {:?}", facts.paths);
    }
    assert!(!facts.paths.iter().any(|found| found.starts_with("std::net")), "{:?}", facts.paths);
    assert_eq!(facts.strings, ["{} {:?}", "SELECT", "X"]);
    assert_eq!((facts.traits, facts.impls), (vec!["Carrier".to_owned()], vec!["Carrier".to_owned()]));
    assert_eq!(facts.attributes, ["derive (serde :: Serialize)", "cfg (not (test))"]);
    let all = read(&source).expect("it parses");
    assert!(all.strings.contains(&"unseen".to_owned()));
}
