//! Sizes as configuration files and command lines write them, and conversion between units.

/// The units of [`convert`], each 1024 times the one before it.
const UNITS: [&str; 6] = ["b", "kb", "mb", "gb", "tb", "pb"];

/// Reads the size of a disk, such as `32G`, `512M`, `1.5T` or `4096`, in bytes.
///
/// The suffixes are powers of 1024; without one the number counts bytes. Parts of a byte are dropped.
/// `None` when the text is anything else, or does not fit.
pub fn parse_disk_size(text: &str) -> Option<u64> {
    let (number, shift) = match text.as_bytes().last()? {
        b'K' => (&text[..text.len() - 1], 10),
        b'M' => (&text[..text.len() - 1], 20),
        b'G' => (&text[..text.len() - 1], 30),
        b'T' => (&text[..text.len() - 1], 40),
        _ => (text, 0),
    };
    let (whole, fraction) = match number.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (number, None),
    };
    let digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !digits(whole) || !fraction.is_none_or(digits) {
        return None;
    }
    let bytes = whole.parse::<u64>().ok()?.checked_mul(1 << shift)?;
    let Some(fraction) = fraction else { return Some(bytes) };
    // Twelve digits are finer than a byte of a terabyte; the rest cannot change the result.
    let fraction = &fraction[..fraction.len().min(12)];
    let part = fraction.parse::<u128>().ok()? << shift;
    bytes.checked_add(u64::try_from(part / 10u128.pow(u32::try_from(fraction.len()).ok()?)).ok()?)
}

/// Writes a size with the largest suffix that expresses it exactly: `32G`, `512M`, `1000` (bytes).
pub fn format_disk_size(bytes: u64) -> String {
    let mut value = bytes;
    let mut suffix = "";
    for next in ["K", "M", "G", "T"] {
        if value < 1024 || !value.is_multiple_of(1024) {
            break;
        }
        value /= 1024;
        suffix = next;
    }
    format!("{value}{suffix}")
}

/// Why a size could not be converted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ConvertError {
    /// The text is not a number, or below zero.
    #[error("value '{0}' is not a valid, positive number")]
    Number(String),
    /// A unit that is none of b, kb, mb, gb, tb, pb.
    #[error("unknown 'from' and/or 'to' units ({0} => {1})")]
    Unit(String, String),
}

/// Which way [`convert`] rounds when the new unit does not divide the size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rounding {
    /// To the next larger whole number: what was asked for always fits.
    Up,
    /// To the next smaller whole number.
    Down,
}

/// Converts a number given as text (`1`, `1.5`, `.5`) from one unit (`b`, `kb`, … `pb`) to another.
pub fn convert(value: &str, from: &str, to: &str, rounding: Rounding) -> Result<u64, ConvertError> {
    let exponent = |unit: &str| UNITS.iter().position(|u| *u == unit);
    let (Some(from_exp), Some(to_exp)) = (exponent(from), exponent(to)) else {
        return Err(ConvertError::Unit(from.to_owned(), to.to_owned()));
    };
    let wrong = || ConvertError::Number(value.to_owned());
    let (whole, fraction) = value.split_once('.').map_or((value, None), |(w, f)| (w, Some(f)));
    let digits = |part: &str| part.bytes().all(|b| b.is_ascii_digit());
    let complete = fraction.map_or(!whole.is_empty(), |f| !f.is_empty());
    if !complete || !digits(whole) || !digits(fraction.unwrap_or_default()) {
        return Err(wrong());
    }
    let number: f64 = value.parse().map_err(|_| wrong())?;
    let scaled = number * 1024f64.powi(from_exp as i32 - to_exp as i32);
    let rounded = match rounding {
        Rounding::Up => scaled.ceil(),
        Rounding::Down => scaled.floor(),
    };
    if rounded >= u64::MAX as f64 { Err(wrong()) } else { Ok(rounded as u64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn suffixes_are_powers_of_1024() {
        assert_eq!(parse_disk_size("32G"), Some(32 << 30));
        assert_eq!(parse_disk_size("1.5K"), Some(1536));
        assert_eq!(parse_disk_size("4096"), Some(4096));
        for wrong in ["", "G", "1g", "-1", "1 G", "1.", ".5G", "1.5.5", "+1", "99999999999T"] {
            assert_eq!(parse_disk_size(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn written_with_the_largest_exact_suffix() {
        let texts: Vec<String> =
            [0, 1000, 1024, 528 << 10, 4 << 20, 32 << 30, 1025, 2048 << 40].into_iter().map(format_disk_size).collect();
        assert_eq!(texts, ["0", "1000", "1K", "528K", "4M", "32G", "1025", "2048T"]);
    }

    #[test]
    fn converting_rounds_up_unless_told() {
        assert_eq!(convert("500000", "b", "kb", Rounding::Up), Ok(489));
        assert_eq!(convert("500000", "b", "kb", Rounding::Down), Ok(488));
        assert_eq!(convert(".5", "gb", "kb", Rounding::Up), Ok(524_288));
        assert_eq!(convert("-1", "gb", "kb", Rounding::Up), Err(ConvertError::Number("-1".into())));
        assert_eq!(convert("0", "b", "", Rounding::Up), Err(ConvertError::Unit("b".into(), String::new())));
    }

    proptest! {
        #[test]
        fn what_is_written_is_read_back(bytes: u64) {
            prop_assert_eq!(parse_disk_size(&format_disk_size(bytes)), Some(bytes));
        }

        #[test]
        fn any_text_is_read_without_panic(text in ".*") {
            parse_disk_size(&text);
            let _ = convert(&text, "b", "kb", Rounding::Up);
        }
    }
}
