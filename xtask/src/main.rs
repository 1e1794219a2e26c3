//! Chores of the project: model and gazetteer artefacts, benchmarks, scores.

fn main() {}
