//! The database of series: `rrd.db`, an SQLite file.
//!
//! Rows are ordered by archive, time, object: a minute's rows of a thousand guests are neighbours in the file, written
//! in one transaction over a few dozen pages. Coarser archives are made from finer ones when a slot of theirs has
//! passed, also after a pause of the daemon.

use std::{collections::HashMap, path::Path, sync::Mutex};

use rusqlite::{Connection, OptionalExtension, Transaction, params};

use crate::series::{ARCHIVES, Archive, Consolidation, Joined, Row, Timeframe, pack, unpack};

/// Why series could not be read or written.
#[derive(Debug, thiserror::Error)]
#[error("statistics database: {0}")]
pub struct RrdError(#[from] rusqlite::Error);

/// One point of a series: the start of its slot, seconds since 1970, and what is known of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Start of the slot.
    pub time: i64,
    /// Values by column; short where the last columns are unknown.
    pub values: Row,
}

/// The series of all objects of this node. Objects are named `node/{node}`, `vm/{vmid}`, `storage/{node}/{storage}`.
pub struct Rrd {
    connection: Mutex<Connection>,
}

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS object (id INTEGER PRIMARY KEY AUTOINCREMENT, name TEXT NOT NULL UNIQUE);
    CREATE TABLE IF NOT EXISTS point (
        archive INTEGER NOT NULL, time INTEGER NOT NULL, object INTEGER NOT NULL,
        average BLOB NOT NULL, max BLOB,
        PRIMARY KEY (archive, time, object)
    ) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS progress (archive INTEGER PRIMARY KEY, until INTEGER NOT NULL);
";

impl Rrd {
    /// Opens or creates the database.
    ///
    /// # Errors
    /// When the file cannot be opened or is none of ours.
    pub fn open(path: &Path) -> Result<Self, RrdError> {
        Self::prepare(Connection::open(path)?)
    }

    /// A database that vanishes with the value.
    ///
    /// # Errors
    /// When memory is short.
    pub fn temporary() -> Result<Self, RrdError> {
        Self::prepare(Connection::open_in_memory()?)
    }

    fn prepare(connection: Connection) -> Result<Self, RrdError> {
        // A minute lost in a power failure is no loss; a sync a minute for graphs would be.
        connection.execute_batch("PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF; PRAGMA cache_size = -1024;")?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self { connection: Mutex::new(connection) })
    }

    /// Writes the rows of the minute that starts at `time`, fills coarser archives and drops what is too old.
    ///
    /// # Errors
    /// When the database cannot be written; nothing is then.
    pub fn write(&self, time: i64, rows: &[(String, Row)]) -> Result<(), RrdError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let [minute, ..] = ARCHIVES;
        {
            let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, NULL)")?;
            for (name, row) in rows {
                let object = object(&transaction, name)?;
                insert.execute(params![minute.id, slot(time, minute), object, pack(row)])?;
            }
        }
        for pair in ARCHIVES.windows(2) {
            consolidate(&transaction, pair[0], pair[1], time + minute.step)?;
        }
        for archive in ARCHIVES {
            let oldest = slot(time, archive) - archive.rows * archive.step;
            let mut delete = transaction.prepare_cached("DELETE FROM point WHERE archive = ? AND time <= ?")?;
            delete.execute(params![archive.id, oldest])?;
        }
        Ok(transaction.commit()?)
    }

    /// The series of an object, oldest first; a point for every slot up to `now`, without values where none are known.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn read(
        &self,
        name: &str,
        timeframe: Timeframe,
        consolidation: Consolidation,
        now: i64,
    ) -> Result<Vec<Point>, RrdError> {
        let connection = self.lock();
        let mut find = connection.prepare_cached("SELECT id FROM object WHERE name = ?")?;
        let id: Option<i64> = find.query_row([name], |row| row.get(0)).optional()?;
        let (archive, rows) = timeframe.rows();
        let column = match consolidation {
            Consolidation::Average => "average",
            Consolidation::Max => "COALESCE(max, average)",
        };
        // One lookup a slot: a range would run over the rows of all other objects.
        let text = format!("SELECT {column} FROM point WHERE archive = ? AND time = ? AND object = ?");
        let mut lookup = connection.prepare_cached(&text)?;
        // The slot that `now` is in has not ended; the last complete one is before it.
        let end = slot(now, archive);
        let mut points = Vec::with_capacity(usize::try_from(rows).unwrap_or(0));
        for time in (0..rows).rev().map(|back| end - (back + 1) * archive.step) {
            let packed: Option<Vec<u8>> = match id {
                Some(id) => lookup.query_row(params![archive.id, time, id], |row| row.get(0)).optional()?,
                None => None,
            };
            points.push(Point { time, values: packed.as_deref().and_then(unpack).unwrap_or_default() });
        }
        Ok(points)
    }

    /// Names of all objects that have series.
    ///
    /// # Errors
    /// When the database cannot be read.
    pub fn objects(&self) -> Result<Vec<String>, RrdError> {
        let connection = self.lock();
        let mut all = connection.prepare_cached("SELECT name FROM object")?;
        let names = all.query_map([], |row| row.get(0))?.collect::<Result<_, _>>()?;
        Ok(names)
    }

    /// Drops the series of an object: a later one of the same name begins anew.
    ///
    /// # Errors
    /// When the database cannot be written.
    pub fn forget(&self, name: &str, now: i64) -> Result<(), RrdError> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        let find = "SELECT id FROM object WHERE name = ?";
        let id: Option<i64> = transaction.query_row(find, [name], |row| row.get(0)).optional()?;
        let Some(id) = id else { return Ok(()) };
        {
            let text = "DELETE FROM point WHERE archive = ? AND time = ? AND object = ?";
            let mut delete = transaction.prepare_cached(text)?;
            for archive in ARCHIVES {
                for back in 0..=archive.rows {
                    delete.execute(params![archive.id, slot(now, archive) - back * archive.step, id])?;
                }
            }
        }
        transaction.execute("DELETE FROM object WHERE id = ?", [id])?;
        Ok(transaction.commit()?)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Connection> {
        // A panic elsewhere rolled its transaction back; the connection itself is fine.
        self.connection.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

/// The start of the slot that `time` is in.
fn slot(time: i64, archive: Archive) -> i64 {
    time - time.rem_euclid(archive.step)
}

/// The number of an object, given at its first row.
fn object(transaction: &Transaction<'_>, name: &str) -> Result<i64, rusqlite::Error> {
    let mut find = transaction.prepare_cached("SELECT id FROM object WHERE name = ?")?;
    if let Some(id) = find.query_row([name], |row| row.get(0)).optional()? {
        return Ok(id);
    }
    transaction.execute("INSERT INTO object (name) VALUES (?)", [name])?;
    Ok(transaction.last_insert_rowid())
}

/// Fills all slots of `coarse` that ended by `now` and were not filled yet from the rows of `fine`.
fn consolidate(transaction: &Transaction<'_>, fine: Archive, coarse: Archive, now: i64) -> Result<(), rusqlite::Error> {
    let end = slot(now, coarse);
    let mut done = transaction.prepare_cached("SELECT until FROM progress WHERE archive = ?")?;
    let from: i64 = done.query_row([coarse.id], |row| row.get(0)).optional()?.unwrap_or(0);
    if from >= end {
        return Ok(());
    }
    let slots = "SELECT DISTINCT time - time % ? FROM point WHERE archive = ? AND time >= ? AND time < ?";
    let mut slots = transaction.prepare_cached(slots)?;
    let slots = slots.query_map(params![coarse.step, fine.id, from, end], |row| row.get(0))?;
    for start in slots.collect::<Result<Vec<i64>, _>>()? {
        let range = "SELECT object, average, max FROM point WHERE archive = ? AND time >= ? AND time < ?";
        let mut range = transaction.prepare_cached(range)?;
        let mut rows = range.query(params![fine.id, start, start + coarse.step])?;
        let mut objects: HashMap<i64, Joined> = HashMap::new();
        while let Some(row) = rows.next()? {
            let max: Option<Vec<u8>> = row.get(2)?;
            let average = row.get_ref(1)?.as_blob().ok().and_then(unpack).unwrap_or_default();
            let max = max.as_deref().and_then(unpack).unwrap_or_default();
            objects.entry(row.get(0)?).or_default().add(&average, &max);
        }
        let mut insert = transaction.prepare_cached("INSERT OR REPLACE INTO point VALUES (?, ?, ?, ?, ?)")?;
        let mut objects: Vec<(i64, Joined)> = objects.into_iter().collect();
        objects.sort_unstable_by_key(|(object, _)| *object);
        for (object, joined) in objects {
            insert.execute(params![coarse.id, start, object, pack(&joined.average()), pack(&joined.max())])?;
        }
    }
    let mut progress = transaction.prepare_cached("INSERT OR REPLACE INTO progress VALUES (?, ?)")?;
    progress.execute(params![coarse.id, end])?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: i64 = 1_700_006_400; // a multiple of six hours

    fn known(rrd: &Rrd, name: &str, timeframe: Timeframe, cf: Consolidation, now: i64) -> Vec<Point> {
        let points = rrd.read(name, timeframe, cf, now).unwrap();
        assert_eq!(points.len() as i64, timeframe.rows().1);
        points.into_iter().filter(|point| !point.values.is_empty()).collect()
    }

    fn row(value: f64) -> Row {
        vec![Some(value), Some(0.0)]
    }

    #[test]
    fn minutes_are_read_as_written() {
        let rrd = Rrd::temporary().unwrap();
        for minute in 0..3 {
            rrd.write(START + minute * 60, &[("vm/100".into(), row(minute as f64)), ("vm/101".into(), row(7.0))])
                .unwrap();
        }
        let points = known(&rrd, "vm/100", Timeframe::Hour, Consolidation::Average, START + 180);
        let expected = [0, 1, 2].map(|minute| Point { time: START + minute * 60, values: row(minute as f64) });
        assert_eq!(points, expected);
        assert!(known(&rrd, "vm/999", Timeframe::Hour, Consolidation::Average, START + 180).is_empty());
    }

    #[test]
    fn coarser_archives_hold_mean_and_maximum() {
        let rrd = Rrd::temporary().unwrap();
        // Six hours and a bit: 12 slots of half an hour, one of six hours.
        for minute in 0..=360 {
            rrd.write(START + minute * 60, &[("node/a".into(), row((minute % 30) as f64))]).unwrap();
        }
        let now = START + 361 * 60;
        let half_hours = known(&rrd, "node/a", Timeframe::Week, Consolidation::Average, now);
        assert_eq!(half_hours.len(), 12);
        assert_eq!(half_hours[0], Point { time: START, values: row(14.5) });
        assert_eq!(known(&rrd, "node/a", Timeframe::Week, Consolidation::Max, now)[3].values, row(29.0));
        let six_hours = known(&rrd, "node/a", Timeframe::Year, Consolidation::Max, now);
        assert_eq!(six_hours, [Point { time: START, values: row(29.0) }]);
    }

    #[test]
    fn a_pause_is_a_gap_and_what_was_before_it_is_still_joined() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("rrd.db");
        Rrd::open(&path).unwrap().write(START, &[("vm/100".into(), row(4.0))]).unwrap();
        let rrd = Rrd::open(&path).unwrap();
        let later = START + 5 * 3600;
        rrd.write(later, &[("vm/100".into(), row(6.0))]).unwrap();
        let points = known(&rrd, "vm/100", Timeframe::Week, Consolidation::Average, later + 60);
        assert_eq!(points, [Point { time: START, values: row(4.0) }]);
        assert_eq!(known(&rrd, "vm/100", Timeframe::Day, Consolidation::Average, later + 60).len(), 2);
    }

    #[test]
    fn old_rows_make_room() {
        let rrd = Rrd::temporary().unwrap();
        rrd.write(START, &[("vm/100".into(), row(1.0))]).unwrap();
        rrd.write(START + 1440 * 60, &[("vm/100".into(), row(2.0))]).unwrap();
        let count: i64 =
            rrd.lock().query_row("SELECT COUNT(*) FROM point WHERE archive = 0", [], |row| row.get(0)).unwrap();
        assert_eq!(count, 1);
    }

    #[test]
    fn a_new_guest_with_an_old_number_begins_anew() {
        let rrd = Rrd::temporary().unwrap();
        rrd.write(START, &[("vm/100".into(), row(1.0)), ("vm/101".into(), row(1.0))]).unwrap();
        rrd.forget("vm/100", START + 60).unwrap();
        assert_eq!(rrd.objects().unwrap(), ["vm/101"]);
        rrd.write(START + 60, &[("vm/100".into(), row(2.0))]).unwrap();
        let points = known(&rrd, "vm/100", Timeframe::Hour, Consolidation::Average, START + 120);
        assert_eq!(points, [Point { time: START + 60, values: row(2.0) }]);
        let left: i64 = rrd.lock().query_row("SELECT COUNT(*) FROM point", [], |row| row.get(0)).unwrap();
        assert_eq!(left, 2);
    }
}
