//! Our part of a file that others may write to as well.

/// The line before our part. Proxmox VE's, so that both find each other's.
pub const BEGIN: &str = "# --- BEGIN PVE ---";
/// The line after our part.
pub const END: &str = "# --- END PVE ---";

/// The text with our part replaced, or added at the end.
pub(super) fn replace(text: &str, lines: &str) -> String {
    let part = format!("{BEGIN}\n{lines}{END}\n");
    match find(text) {
        Some((start, end)) => format!("{}{part}{}", &text[..start], &text[end..]),
        None if text.is_empty() || text.ends_with('\n') => format!("{text}{part}"),
        None => format!("{text}\n{part}"),
    }
}

/// The text without our part.
pub(super) fn without(text: &str) -> String {
    match find(text) {
        Some((start, end)) => format!("{}{}", &text[..start], &text[end..]),
        None => text.to_owned(),
    }
}

/// First byte of our part and the byte after it.
fn find(text: &str) -> Option<(usize, usize)> {
    let line_at = |wanted: &str, from: usize| {
        let mut at = from;
        text[from..].split_inclusive('\n').find_map(|line| {
            let start = at;
            at += line.len();
            (line.trim_end() == wanted).then_some((start, at))
        })
    };
    let (start, after) = line_at(BEGIN, 0)?;
    let (_, end) = line_at(END, after)?;
    Some((start, end))
}
