//! Suitcases, a desk and a hub in one process: what one records the others read, and nothing is lost on the way.

mod begun_anew;
mod births;
mod carrier;
mod damage_told;
mod disasters;
mod erasure;
mod evidence;
mod exchange;
mod forgetting;
mod hostile_facts;
mod hostile_words;
mod mend;
mod minimum;
mod rebirth;
mod renewal;
mod rotation;
mod scrub;
mod shift;
mod sticks;
mod stolen_desk;
mod store;
mod taken_in;
mod unfinished;
mod unnoticed;
