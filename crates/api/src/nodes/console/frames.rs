//! What a terminal in a browser sends: `0:{length}:{bytes}` typed bytes, `1:{columns}:{rows}:` a new size, `2` a sign
//! of life. Pure.

/// Longest run of digits, and with it the largest numbers.
const DIGITS: usize = 6;
/// Most bytes of one frame, as of one message of the web socket.
const MAX_INPUT: usize = 128 << 10;

/// One frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Frame {
    /// Typed bytes.
    Input(Vec<u8>),
    /// The terminal has this size now: columns, rows.
    Resize(u16, u16),
    /// The client is there.
    KeepAlive,
}

/// The client does not speak this protocol.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the terminal's client sent something that is no frame")]
pub(super) struct BadFrame;

/// Bytes as they come, frames as they are complete.
#[derive(Debug, Default)]
pub(super) struct Frames {
    bytes: Vec<u8>,
}

impl Frames {
    /// Adds bytes that came.
    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.bytes.extend_from_slice(bytes);
    }

    /// The next complete frame, if there is one.
    ///
    /// # Errors
    /// When the bytes are no frame, and cannot become one.
    pub(super) fn next(&mut self) -> Result<Option<Frame>, BadFrame> {
        let (frame, used) = match self.bytes.first() {
            None => return Ok(None),
            Some(b'0') => match self.input()? {
                Some(found) => found,
                None => return Ok(None),
            },
            Some(b'1') => match self.resize()? {
                Some(found) => found,
                None => return Ok(None),
            },
            Some(b'2') => (Frame::KeepAlive, 1),
            Some(_) => return Err(BadFrame),
        };
        self.bytes.drain(..used);
        Ok(Some(frame))
    }

    fn input(&self) -> Result<Option<(Frame, usize)>, BadFrame> {
        let Some((length, at)) = self.number(1)? else { return Ok(None) };
        if length > MAX_INPUT {
            return Err(BadFrame);
        }
        Ok(self.bytes.get(at..at + length).map(|bytes| (Frame::Input(bytes.to_vec()), at + length)))
    }

    fn resize(&self) -> Result<Option<(Frame, usize)>, BadFrame> {
        let Some((columns, at)) = self.number(1)? else { return Ok(None) };
        let Some((rows, at)) = self.number(at - 1)? else { return Ok(None) };
        let size = |number: usize| u16::try_from(number).map_err(|_| BadFrame);
        Ok(Some((Frame::Resize(size(columns)?, size(rows)?), at)))
    }

    /// The number between the colon at `colon` and the next one, and where what follows begins.
    fn number(&self, colon: usize) -> Result<Option<(usize, usize)>, BadFrame> {
        let Some(rest) = self.bytes.get(colon..).filter(|rest| !rest.is_empty()) else { return Ok(None) };
        let digits = rest.strip_prefix(b":").ok_or(BadFrame)?;
        match digits.iter().position(|byte| !byte.is_ascii_digit()) {
            Some(count) if (1..=DIGITS).contains(&count) && digits[count] == b':' => {
                let number = digits[..count].iter().fold(0, |number, digit| number * 10 + usize::from(digit - b'0'));
                Ok(Some((number, colon + 1 + count + 1)))
            }
            None if digits.len() <= DIGITS => Ok(None),
            _ => Err(BadFrame),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(frames: &mut Frames) -> Result<Vec<Frame>, BadFrame> {
        std::iter::from_fn(|| frames.next().transpose()).collect()
    }

    #[test]
    fn frames_are_told_apart() {
        let mut frames = Frames::default();
        frames.push(b"0:3:l:s1:80:24:20:0:2");
        let wanted = [
            Frame::Input(b"l:s".to_vec()),
            Frame::Resize(80, 24),
            Frame::KeepAlive,
            Frame::Input(Vec::new()),
            Frame::KeepAlive,
        ];
        assert_eq!(all(&mut frames).unwrap(), wanted);
    }

    #[test]
    fn what_is_no_frame_is_refused() {
        for bytes in [&b"3"[..], b"x", b"0x", b"0::", b"0:a:", b"0:1234567:", b"1:80:70000:", b"0:999999:"] {
            let mut frames = Frames::default();
            frames.push(bytes);
            assert!(all(&mut frames).is_err(), "{bytes:?}");
        }
    }

    proptest! {
        #[test]
        fn pieces_make_the_same_frames_as_the_whole(
            inputs in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..20), 0..6),
            piece in 1_usize..7,
        ) {
            let mut bytes = Vec::new();
            for input in &inputs {
                bytes.extend(format!("0:{}:", input.len()).bytes());
                bytes.extend(input);
                bytes.extend(b"1:132:50:2");
            }
            let mut frames = Frames::default();
            let mut found = Vec::new();
            for piece in bytes.chunks(piece) {
                frames.push(piece);
                found.extend(all(&mut frames).unwrap());
            }
            let wanted: Vec<Frame> = inputs.into_iter()
                .flat_map(|input| [Frame::Input(input), Frame::Resize(132, 50), Frame::KeepAlive]).collect();
            prop_assert_eq!(found, wanted);
        }

        #[test]
        fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..60)) {
            let mut frames = Frames::default();
            frames.push(&bytes);
            let _ = all(&mut frames);
        }
    }
}
