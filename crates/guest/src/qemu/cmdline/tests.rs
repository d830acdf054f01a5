use std::path::Path;

use super::*;
use crate::config_file::{Dialect, GuestFile};
