//! The formats that other programs read, one file each.
