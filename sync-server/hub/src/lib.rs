//! The blind half of the centre: takes in, keeps and hands out chains.
