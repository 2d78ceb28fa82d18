//! Entries, anchors, verdicts and the exchange, without IO.
