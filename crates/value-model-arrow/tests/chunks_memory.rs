//! However long a batch is, only a few of its chunks are in memory.
#![allow(unsafe_code, reason = "an allocator that counts must implement `GlobalAlloc`")]
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::ops::ControlFlow;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use arrow_array::{ArrayRef, Float64Array, RecordBatch};
use value_model::block::Column;
use value_model::scorecard::Context;
use value_model::{Error, presets};
use value_model_arrow::{CHUNK, ColumnScorer, Mapping, Settings};

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static MOST: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is handed to the system's allocator; counting changes nothing of it.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        MOST.fetch_max(held, Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, memory: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as the caller promises.
        unsafe { System.dealloc(memory, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// The most bytes at once beyond those held before, while so many chunks are scored by two threads.
fn most(chunks: usize) -> usize {
    let usage: ArrayRef = Arc::new(Float64Array::from(vec![0.5; chunks * CHUNK]));
    let batch = RecordBatch::try_from_iter([("full_usage", usage)]).unwrap();
    let scorer = presets::scorecard("value-realization").unwrap().compile().unwrap();
    let columns = vec![Column::Score, Column::Lower, Column::Upper];
    let settings = Settings { context: Context::new("2026-11-01".parse().unwrap()), columns };
    let scorer = ColumnScorer::new(&scorer, &batch.schema(), &Mapping::default(), settings).unwrap();
    let pool = rayon::ThreadPoolBuilder::new().num_threads(2).stack_size(1 << 23).build().unwrap();
    pool.install(|| {
        let before = HELD.load(Ordering::Relaxed);
        MOST.store(before, Ordering::Relaxed);
        let mut seen = 0;
        let told = scorer.score_chunks(&batch, |_| {
            seen += 1;
            Ok::<_, Error>(ControlFlow::Continue(()))
        });
        assert_eq!((told, seen), (Ok(ControlFlow::Continue(())), chunks));
        MOST.load(Ordering::Relaxed) - before
    })
}

#[test]
fn memory_does_not_grow_with_the_batch() {
    // Three columns and their bits.
    let chunk = 3 * CHUNK * 8 + 3 * CHUNK / 8;
    for chunks in [8, 64] {
        let most = most(chunks);
        // Two for each of two threads, and room to work in.
        assert!(most > 2 * chunk && most < 5 * chunk, "{most} bytes for chunks of {chunk}");
    }
}
