//! What the store does in a second, one `metric value unit` a line: `cargo run --release -p store --example store_ops
//! [DIRECTORY]`. The directory decides which disk is measured.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use schema::{NodeName, Vmid};
use store::guests::{GuestKind, find_guest, guest_key, list_guests};
use store::{SqliteStore, Store, StoreError, Txn};

/// How long each figure is measured.
const SPAN: Duration = Duration::from_secs(2);

/// Guests in the tree while it is measured.
const GUESTS: u32 = 1000;

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let directory = std::env::args().nth(1).map_or_else(std::env::temp_dir, PathBuf::from);
    let path = directory.join(format!("store-ops-{}", std::process::id()));
    let store: Arc<dyn Store> = Arc::new(SqliteStore::open(path.join("store.db")).await?);
    let node: NodeName = "n1".parse()?;
    let mut fill = Txn::new();
    for id in (100..100 + GUESTS).filter_map(Vmid::new) {
        fill = fill.put(guest_key(&node, GuestKind::Qemu, id), format!("name: vm{id}\nmemory: 2048\ncores: 2\n"));
    }
    store.commit(fill).await?;
    for writers in [1, 16] {
        println!("store_puts_per_second_{writers}_writers {:.0} ops/s", puts(&store, writers).await?);
    }
    reads(&*store);
    drop(store);
    std::fs::remove_dir_all(path)?;
    Ok(())
}

async fn puts(store: &Arc<dyn Store>, writers: u32) -> Result<f64, Box<dyn std::error::Error>> {
    let start = Instant::now();
    let writing: Vec<_> = (0..writers)
        .map(|writer| {
            let store = store.clone();
            tokio::spawn(async move {
                let mut count = 0_u32;
                while start.elapsed() < SPAN {
                    store.commit(Txn::new().put(format!("bench/{writer}"), count.to_string())).await?;
                    count += 1;
                }
                Ok::<u32, StoreError>(count)
            })
        })
        .collect();
    let mut total = 0;
    for writer in writing {
        total += writer.await??;
    }
    Ok(f64::from(total) / start.elapsed().as_secs_f64())
}

fn reads(store: &dyn Store) {
    let mut found = 0_usize;
    let rate = |work: &mut dyn FnMut()| {
        let (start, mut count) = (Instant::now(), 0_u32);
        while start.elapsed() < SPAN / 4 {
            (0..16).for_each(|_| work());
            count += 16;
        }
        f64::from(count) / start.elapsed().as_secs_f64()
    };
    let id = Vmid::new(100 + GUESTS / 2);
    let gets = rate(&mut || found += id.and_then(|id| find_guest(&store.tree(), id)).map_or(0, |_| 1));
    let lists = rate(&mut || found += list_guests(&store.tree()).map(|guest| guest.entry.text.len()).sum::<usize>());
    let parse = |text: &str| text.lines().count();
    let views = rate(&mut || found += list_guests(&store.tree()).map(|guest| *guest.entry.view(parse)).sum::<usize>());
    println!("store_find_guest_per_second {gets:.0} ops/s");
    println!("store_list_{GUESTS}_guests {:.1} us", 1e6 / lists);
    println!("store_view_{GUESTS}_guests {:.1} us", 1e6 / views);
    assert!(found > 0);
}
