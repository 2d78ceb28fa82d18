//! The colours of the stylesheet can be read in sunlight: 7 : 1 for all text, in the light and in the dark scheme.

#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::collections::HashMap;

/// The colours of the nth block that gives them: the light scheme is the first, the dark one the second.
fn tokens(nth: usize) -> HashMap<String, [f64; 3]> {
    let css = std::str::from_utf8(pages::assets::find("valiza.css").unwrap().bytes).unwrap();
    let block = css.split(":root {").nth(nth + 1).unwrap().split('}').next().unwrap();
    let lines = block.lines().filter_map(|line| line.trim().strip_prefix("--")?.strip_suffix(';')?.split_once(": #"));
    let channel = |hex: &str, at: usize| f64::from(u8::from_str_radix(&hex[at..at + 2], 16).unwrap()) / 255.0;
    lines.map(|(name, hex)| (name.to_owned(), [channel(hex, 0), channel(hex, 2), channel(hex, 4)])).collect()
}

/// Relative luminance, WCAG 2.2.
fn luminance(colour: &[f64; 3]) -> f64 {
    let linear = colour.map(|c| if c <= 0.04045 { c / 12.92 } else { ((c + 0.055) / 1.055).powf(2.4) });
    0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
}

fn contrast(a: &[f64; 3], b: &[f64; 3]) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

#[test]
fn black_on_white_is_21_to_1() {
    assert!((contrast(&[0.0; 3], &[1.0; 3]) - 21.0).abs() < 0.001);
}

#[test]
fn all_text_has_7_to_1() {
    let pairs = [
        ("ink", "paper"),
        ("ink", "ground"),
        ("ink-2", "paper"),
        ("ink-2", "ground"),
        ("accent", "paper"),
        ("accent", "ground"),
        ("on-accent", "accent"),
        ("ink", "wait-tint"),
        ("ok", "paper"),
        ("ok", "ok-tint"),
        ("wait", "paper"),
        ("wait", "wait-tint"),
        ("stop", "paper"),
        ("stop", "stop-tint"),
    ];
    let light = tokens(0);
    let dark: HashMap<_, _> = light.clone().into_iter().chain(tokens(1)).collect();
    assert_ne!(light["paper"], dark["paper"], "the second block is the dark scheme");
    for (scheme, colours) in [("light", light), ("dark", dark)] {
        for (text, ground) in pairs {
            let ratio = contrast(&colours[text], &colours[ground]);
            assert!(ratio >= 7.0, "{scheme}: {text} on {ground} has {ratio:.2}");
        }
        let edge = contrast(&colours["line-strong"], &colours["paper"]);
        assert!(edge >= 3.0, "{scheme}: the edge of a field has {edge:.2}");
    }
}
