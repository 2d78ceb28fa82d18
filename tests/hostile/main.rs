//! Hostile changes of every known class, made by taking an honest one apart and putting it together wrongly, or written
//! byte by byte: well-formed, with a right checksum, and (in the community) signed and sealed by an enrolled suitcase.
//!
//! None may reach automerge, no reader may be harmed by one, honest work before and after it is taken; and an honest
//! corpus passes whole. `alone` shows that the classes are dangerous: it gives them to automerge without the gate.

mod alone;
mod at_the_gate;
mod author;
mod chunk;
mod classes;
mod decoder;
mod honest;
mod in_the_community;
mod scene;
