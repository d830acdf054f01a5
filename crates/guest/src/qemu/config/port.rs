//! Serial and parallel ports: a socket that consoles reach, or a device of the host.

use schema::{Kind, Scalar, Text};

/// A serial port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SerialPort {
    /// A socket for consoles.
    Socket,
    /// A device of the host, by path.
    Device(String),
}

impl Scalar for SerialPort {
    const KIND: Kind = Kind::Text(Text { pattern: Some(r"(/dev/[^,]+|socket)"), ..Text::FREE });
    fn read(text: &str) -> Result<Self, String> {
        Ok(if text == "socket" { Self::Socket } else { Self::Device(text.to_owned()) })
    }
    fn show(&self) -> String {
        match self {
            Self::Socket => "socket".to_owned(),
            Self::Device(path) => path.clone(),
        }
    }
}

/// A parallel port of the host, by path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParallelPort(pub String);

impl Scalar for ParallelPort {
    const KIND: Kind = Kind::Text(Text { pattern: Some(r"/dev/parport\d+|/dev/usb/lp\d+"), ..Text::FREE });
    fn read(text: &str) -> Result<Self, String> {
        Ok(Self(text.to_owned()))
    }
    fn show(&self) -> String {
        self.0.clone()
    }
}
