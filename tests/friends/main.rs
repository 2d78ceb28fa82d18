//! Old friends: folders, sticks and messages as version 1 of the programs left them, which every later version must go on
//! with. What is recorded lies in `v1` and is never recorded again; see the README there.

mod exchange;
mod later;
mod life;
mod programs;
mod recorded;
mod recording;
