//! The key-holding store and the sync driver, for agent and desk.
