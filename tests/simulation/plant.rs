//! Mistakes that such systems really make. Each can be planted in the simulated parts; the simulator must notice it.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Plant {
    /// The hub answers with an anchor and writes to its disk later.
    AnchorBeforeDurable,
    /// A reader keeps its new cursor on disk before the entries that the cursor has passed.
    CursorBeforeEntries,
    /// A suitcase that knows it was restored from an image goes on writing the same chain.
    ReusedChain,
    /// A sender sends a refused segment again and again, and nothing else.
    RefusalBlocks,
    /// The hub refuses whatever lies beyond a hole.
    HoleBlocks,
}
