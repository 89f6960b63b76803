//! The fast path allocates nothing: counted by an allocator that counts.
#![allow(clippy::unwrap_used, reason = "a test stops at the first surprise")]
#![allow(unsafe_code, reason = "an allocator that counts must implement `GlobalAlloc`")]

use std::alloc::{GlobalAlloc, Layout, System};
use std::sync::atomic::{AtomicU64, Ordering};

use value_model::scorecard::Context;
use value_model_benches::{as_of, many, scorer};

struct Counting;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

// SAFETY: every call goes to the system allocator unchanged.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        // SAFETY: the caller's promises are handed on.
        unsafe { System.alloc(layout) }
    }
    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        // SAFETY: the caller's promises are handed on.
        unsafe { System.dealloc(pointer, layout) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

/// One test alone in this program: another thread's allocations would be counted too.
#[test]
fn scoring_a_typed_account_allocates_nothing() {
    let scorer = scorer().unwrap();
    let context = Context::new(as_of().unwrap());
    let accounts = many(1000).unwrap();
    let mut workspace = scorer.workspace();
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let mut scored = 0;
    for cells in &accounts {
        scored += u32::from(scorer.score(cells, &context, &mut workspace).unwrap().score.is_some());
    }
    let after = ALLOCATIONS.load(Ordering::Relaxed);
    assert!(scored > 900, "{scored} scored");
    assert_eq!(after - before, 0);
    // The counter counts: an assessment, which owns its names, does allocate.
    drop(scorer.workspace());
    assert!(ALLOCATIONS.load(Ordering::Relaxed) > after);
}
