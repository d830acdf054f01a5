//! What is kept how long: columns of the three kinds of objects, archives, timeframes, and how rows are packed. Pure.

use crate::{
    figures::{GuestFigures, NodeFigures},
    sample::{GuestPressure, StorageSample},
};

/// An archive of the round-robin series: one row every `step` seconds, the newest `rows` of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Archive {
    /// Its number in the database.
    pub id: u32,
    /// Seconds between rows; a row's time is the start of its slot and a multiple of this.
    pub step: i64,
    /// Rows that are kept.
    pub rows: i64,
}

/// The archives, finest first; each is made from the one before it.
pub const ARCHIVES: [Archive; 4] = [
    Archive { id: 0, step: 60, rows: 1440 },
    Archive { id: 1, step: 1800, rows: 1440 },
    Archive { id: 2, step: 21_600, rows: 1440 },
    Archive { id: 3, step: 604_800, rows: 570 },
];

/// How far back to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Timeframe {
    /// 60 rows, one a minute.
    Hour,
    /// 1440 rows, one a minute.
    Day,
    /// 336 rows, one every half an hour.
    Week,
    /// 1440 rows, one every half an hour.
    Month,
    /// 1440 rows, one every six hours.
    Year,
    /// 570 rows, one a week.
    Decade,
}

impl Timeframe {
    /// The archive to read and how many of its rows.
    #[must_use]
    pub fn rows(self) -> (Archive, i64) {
        let [minute, half_hour, six_hours, week] = ARCHIVES;
        match self {
            Self::Hour => (minute, 60),
            Self::Day => (minute, 1440),
            Self::Week => (half_hour, 336),
            Self::Month => (half_hour, 1440),
            Self::Year => (six_hours, 1440),
            Self::Decade => (week, 570),
        }
    }
}

/// How several values become one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Consolidation {
    /// Their mean.
    #[default]
    Average,
    /// The largest.
    Max,
}

/// Columns of a node, in their order in a row. New ones go to the end: rows of old databases are then just shorter.
pub const NODE: [&str; 19] = [
    "loadavg",
    "maxcpu",
    "cpu",
    "iowait",
    "memtotal",
    "memused",
    "swaptotal",
    "swapused",
    "roottotal",
    "rootused",
    "netin",
    "netout",
    "memavailable",
    "arcsize",
    "pressurecpusome",
    "pressureiosome",
    "pressureiofull",
    "pressurememorysome",
    "pressurememoryfull",
];

/// Columns of a guest.
pub const GUEST: [&str; 17] = [
    "maxcpu",
    "cpu",
    "maxmem",
    "mem",
    "maxdisk",
    "disk",
    "netin",
    "netout",
    "diskread",
    "diskwrite",
    "memhost",
    "pressurecpusome",
    "pressurecpufull",
    "pressureiosome",
    "pressureiofull",
    "pressurememorysome",
    "pressurememoryfull",
];

/// Columns of a storage.
pub const STORAGE: [&str; 2] = ["total", "used"];

/// One row: a value or nothing for each column.
pub type Row = Vec<Option<f64>>;

/// The row of a node.
#[must_use]
pub fn node_row(node: &NodeFigures) -> Row {
    let swap_used = node.memory.swap_total.saturating_sub(node.memory.swap_free);
    let load = node.loadavg.first().and_then(|load| load.parse().ok());
    vec![
        load,
        Some(node.max_cpu as f64),
        // In the first pass there is nothing to compare with: a gap, not an idle machine.
        node.net_in.map(|_| node.cpu),
        node.net_in.map(|_| node.iowait),
        Some(node.memory.total as f64),
        Some(node.memory.used() as f64),
        Some(node.memory.swap_total as f64),
        Some(swap_used as f64),
        Some(node.root.total as f64),
        Some(node.root.used as f64),
        node.net_in,
        node.net_out,
        Some(node.memory.available as f64),
        // The size of ZFS's cache; nothing where there is no ZFS.
        None,
        node.cpu_pressure.map(|pressure| pressure.some),
        node.io_pressure.map(|pressure| pressure.some),
        node.io_pressure.map(|pressure| pressure.full),
        node.memory_pressure.map(|pressure| pressure.some),
        node.memory_pressure.map(|pressure| pressure.full),
    ]
}

/// The row of a running guest.
#[must_use]
pub fn guest_row(guest: &GuestFigures) -> Row {
    let sample = &guest.sample;
    let pressure = |pick: fn(&GuestPressure) -> f64| sample.pressure.as_ref().map(pick);
    vec![
        Some(sample.max_cpu),
        // Processor use is a rate, too: in a guest's first pass there is none.
        guest.rates.map(|_| guest.cpu),
        Some(sample.max_mem as f64),
        Some(sample.mem as f64),
        Some(sample.max_disk as f64),
        Some(sample.disk as f64),
        guest.rates.map(|rates| rates.net_in),
        guest.rates.map(|rates| rates.net_out),
        guest.rates.map(|rates| rates.disk_read),
        guest.rates.map(|rates| rates.disk_write),
        Some(sample.mem_host as f64),
        pressure(|p| p.cpu.some),
        pressure(|p| p.cpu.full),
        pressure(|p| p.io.some),
        pressure(|p| p.io.full),
        pressure(|p| p.memory.some),
        pressure(|p| p.memory.full),
    ]
}

/// The row of a storage that is reached.
#[must_use]
pub fn storage_row(storage: &StorageSample) -> Row {
    vec![Some(storage.total as f64), Some(storage.used as f64)]
}

/// Values that are being joined into one.
#[derive(Debug, Clone, Default)]
pub struct Joined {
    sum: Vec<f64>,
    max: Vec<f64>,
    count: Vec<u32>,
}

impl Joined {
    /// Adds a row; what it leaves out does not count.
    pub fn add(&mut self, average: &[Option<f64>], max: &[Option<f64>]) {
        let columns = average.len().max(self.count.len());
        self.sum.resize(columns, 0.0);
        self.max.resize(columns, f64::MIN);
        self.count.resize(columns, 0);
        for (column, value) in average.iter().enumerate() {
            let Some(value) = value.filter(|value| value.is_finite()) else { continue };
            let peak = max.get(column).copied().flatten().unwrap_or(value);
            self.sum[column] += value;
            self.max[column] = self.max[column].max(peak);
            self.count[column] += 1;
        }
    }

    /// The mean of each column, nothing where no row had a value.
    #[must_use]
    pub fn average(&self) -> Row {
        let columns = self.sum.iter().zip(&self.count);
        columns.map(|(sum, count)| (*count > 0).then(|| sum / f64::from(*count))).collect()
    }

    /// The largest value of each column.
    #[must_use]
    pub fn max(&self) -> Row {
        let columns = self.max.iter().zip(&self.count);
        columns.map(|(max, count)| (*count > 0).then_some(*max)).collect()
    }
}

/// Packs a row: two bit masks (which columns have a value, which of those are not zero) and the values that are not.
/// Most guests idle, and most columns of an idle guest are zero.
#[must_use]
pub fn pack(row: &[Option<f64>]) -> Vec<u8> {
    let (mut defined, mut nonzero) = (0u32, 0u32);
    let mut values = Vec::with_capacity(8 + row.len() * 8);
    for (column, value) in row.iter().enumerate().take(32) {
        let Some(value) = value else { continue };
        defined |= 1 << column;
        if *value != 0.0 {
            nonzero |= 1 << column;
            values.extend_from_slice(&value.to_le_bytes());
        }
    }
    let mut packed = Vec::with_capacity(8 + values.len());
    packed.extend_from_slice(&defined.to_le_bytes());
    packed.extend_from_slice(&nonzero.to_le_bytes());
    packed.append(&mut values);
    packed
}

/// Unpacks a row; `None` if it is damaged.
#[must_use]
pub fn unpack(packed: &[u8]) -> Option<Row> {
    let (defined, rest) = packed.split_first_chunk()?;
    let (nonzero, mut rest) = rest.split_first_chunk()?;
    let (defined, nonzero) = (u32::from_le_bytes(*defined), u32::from_le_bytes(*nonzero));
    let columns = 32 - defined.leading_zeros();
    let mut row = Vec::with_capacity(columns as usize);
    for column in 0..columns {
        let bit = 1 << column;
        row.push(if defined & bit == 0 {
            None
        } else if nonzero & bit == 0 {
            Some(0.0)
        } else {
            let (value, tail) = rest.split_first_chunk()?;
            rest = tail;
            Some(f64::from_le_bytes(*value))
        });
    }
    Some(row)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_have_a_value_for_every_column() {
        assert_eq!(node_row(&NodeFigures::default()).len(), NODE.len());
        let guest = GuestFigures::new(crate::figures::tests::sample(100), None, 0.0);
        assert_eq!(guest_row(&guest).len(), GUEST.len());
        assert_eq!(guest_row(&guest)[1], None, "no processor use before the second pass");
    }

    #[test]
    fn every_archive_is_a_multiple_of_the_one_before() {
        for pair in ARCHIVES.windows(2) {
            assert_eq!(pair[1].step % pair[0].step, 0);
        }
        for timeframe in [Timeframe::Hour, Timeframe::Week, Timeframe::Year, Timeframe::Decade] {
            let (archive, rows) = timeframe.rows();
            assert!(rows <= archive.rows);
        }
    }

    #[test]
    fn joining_leaves_out_what_is_unknown() {
        let mut joined = Joined::default();
        joined.add(&[Some(1.0), None, None], &[]);
        joined.add(&[Some(3.0), Some(5.0), None], &[Some(9.0)]);
        assert_eq!(joined.average(), [Some(2.0), Some(5.0), None]);
        assert_eq!(joined.max(), [Some(9.0), Some(5.0), None]);
    }

    #[test]
    fn an_idle_guest_packs_small() {
        let guest = GuestFigures::new(crate::figures::tests::sample(100), None, 0.0);
        assert!(pack(&guest_row(&guest)).len() <= 8 + 5 * 8);
    }

    proptest! {
        #[test]
        fn packed_rows_unpack(row in proptest::collection::vec(proptest::option::of(-1e12f64..1e12), 0..20)) {
            let mut expected = row.clone();
            while expected.last() == Some(&None) {
                expected.pop();
            }
            prop_assert_eq!(unpack(&pack(&row)), Some(expected));
        }

        #[test]
        fn damage_is_no_panic(bytes: Vec<u8>) {
            let _ = unpack(&bytes);
        }
    }
}
