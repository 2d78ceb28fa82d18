//! QR codes as SVG. On paper they are 25 mm wide (`.qr` in the stylesheets).

use fast_qr::convert::{Builder, svg::SvgBuilder};
use fast_qr::{ECL, QRBuilder};

/// The widest code, in modules, of which a module is still at least 0.33 mm on 25 mm of paper.
const COMFORTABLE: usize = 77;

/// The content does not fit into a QR code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TooLong {
    /// Length of the content in bytes; 2,953 is the most.
    pub length: usize,
}

impl std::fmt::Display for TooLong {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "завеликий вміст для QR-коду: {} Б, можна до 2953 / too much for a QR code: {} bytes, 2953 at most",
            self.length, self.length
        )
    }
}

impl std::error::Error for TooLong {}

/// An `<svg>` element that only [`svg`] makes, so that it may stand on a page unescaped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Svg(String);

impl std::fmt::Display for Svg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl askama::filters::HtmlSafe for Svg {}

/// An `<svg>` element, black on white with the quiet zone of four modules, its size left to the stylesheet. Correction
/// level M (15 % may be dirt or a fold), or L where M would make the modules too small for paper.
pub fn svg(content: &[u8]) -> Result<Svg, TooLong> {
    let too_long = |_| TooLong { length: content.len() };
    let firm = QRBuilder::new(content).ecl(ECL::M).build().ok().filter(|code| code.size <= COMFORTABLE);
    let code = match firm {
        Some(code) => code,
        None => QRBuilder::new(content).ecl(ECL::L).build().map_err(too_long)?,
    };
    Ok(Svg(SvgBuilder::default().margin(4).to_str(&code)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_and_long_contents() {
        let short = svg(b"VALIZA:7-211126-014").unwrap().to_string();
        assert!(short.starts_with("<svg") && short.ends_with("</svg>"), "{short}");
        assert!(!short.contains("style=") && !short.contains("<script"), "the policy allows no inline style");
        let long = svg(&[0xff; 900]).unwrap().to_string();
        assert!(long.len() > short.len());
        assert_eq!(svg(&[0; 3000]), Err(TooLong { length: 3000 }));
    }
}
