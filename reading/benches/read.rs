//! Reading from dispatch to record: throughput on a running text, and its growth from 1/16 MB to 1 MB, which must stay
//! near one to one for the text's size (columns "MB/s" of equal height).
//!
//!     cargo bench -p dateline-reading

use divan::Bencher;
use divan::counter::BytesCount;
use reading::Reader;

const STORY: &str = "The truce took effect on Monday, the ministry said. Twenty people were killed when shells hit a market \
    in Aleppo. \"The rebels violated the ceasefire,\" spokesman John Doe told reporters. At least 12 of the 20 were \
    children, according to the monitor.\n\nThe rebels denied that they had broken the deal.\n\n";

fn main() {
    divan::main();
}

#[divan::bench(args = [65_536, 131_072, 262_144, 524_288, 1_048_576], sample_count = 2, sample_size = 1)]
fn grows_with_the_text(bencher: Bencher, bytes: usize) {
    let reader = Reader::new();
    let text = STORY.repeat(bytes / STORY.len());
    let given = wire::Given { name: "bench".to_owned(), ..wire::Given::default() };
    let dispatch = wire::dispatches(text.as_bytes(), wire::Format::Text, &given).next().and_then(Result::ok);
    bencher
        .counter(BytesCount::new(text.len()))
        .with_inputs(|| dispatch.clone())
        .bench_values(|dispatch| dispatch.map(|d| reader.read(d)));
}
