//! The base maps and the projection: Natural Earth's coast lines, borders and names in Equal Earth.
//!
//! `map/make.mjs` makes the files and tells their form; here they are read once and cut to a view.

use std::sync::OnceLock;

/// The coefficients of Equal Earth.
const A: [f64; 4] = [1.340_264, -0.081_106, 0.000_893, 0.003_796];

/// Equal Earth (Šavrič, Patterson, Jenny 2018): degrees to the plane, x to the right and y down, in earth radii.
pub fn equal_earth(lat: f64, lon: f64) -> (f64, f64) {
    let m = 3f64.sqrt() / 2.0;
    let l = (m * lat.to_radians().sin()).asin();
    let (l2, l6) = (l * l, l.powi(6));
    let x = lon.to_radians() * l.cos() / (m * (A[0] + 3.0 * A[1] * l2 + l6 * (7.0 * A[2] + 9.0 * A[3] * l2)));
    (x, -l * (A[0] + A[1] * l2 + l6 * (A[2] + A[3] * l2)))
}

/// The way back: from the plane to degrees north and east. What lies beyond the map is drawn to its edge.
pub fn from_equal_earth(x: f64, y: f64) -> (f64, f64) {
    let m = 3f64.sqrt() / 2.0;
    let (mut l, y) = (-y, -y);
    // Newton: the polynomial is nearly straight, a few steps reach it.
    for _ in 0..12 {
        let (l2, l6) = (l * l, l.powi(6));
        let off = l * (A[0] + A[1] * l2 + l6 * (A[2] + A[3] * l2)) - y;
        let slope = A[0] + 3.0 * A[1] * l2 + l6 * (7.0 * A[2] + 9.0 * A[3] * l2);
        l = (l - off / slope).clamp(-1.05, 1.05);
    }
    let (l2, l6) = (l * l, l.powi(6));
    let lon = x * m * (A[0] + 3.0 * A[1] * l2 + l6 * (7.0 * A[2] + 9.0 * A[3] * l2)) / l.cos();
    let lat = (l.sin() / m).clamp(-1.0, 1.0).asin();
    (lat.to_degrees(), lon.to_degrees().clamp(-180.0, 180.0))
}

/// Units of the plane to an earth radius: about one to a kilometre.
pub const SCALE: f64 = 6_400.0;

/// A point of the plane, in units.
pub type At = (f64, f64);

/// A rectangle of the plane, in units.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Frame {
    pub left: f64,
    pub top: f64,
    pub right: f64,
    pub bottom: f64,
}

impl Frame {
    fn around(points: &[At]) -> Frame {
        let none =
            Frame { left: f64::INFINITY, top: f64::INFINITY, right: f64::NEG_INFINITY, bottom: f64::NEG_INFINITY };
        points.iter().fold(none, |f, p| Frame {
            left: f.left.min(p.0),
            top: f.top.min(p.1),
            right: f.right.max(p.0),
            bottom: f.bottom.max(p.1),
        })
    }

    fn meets(&self, other: &Frame) -> bool {
        self.left <= other.right && other.left <= self.right && self.top <= other.bottom && other.top <= self.bottom
    }

    /// Whether a point lies inside.
    pub fn holds(&self, p: At) -> bool {
        (self.left..=self.right).contains(&p.0) && (self.top..=self.bottom).contains(&p.1)
    }
}

/// A line with the rectangle it lies in.
struct Line {
    points: Vec<At>,
    frame: Frame,
}

/// A country's label.
pub struct Country {
    /// Its name.
    pub name: String,
    /// Where the label stands.
    pub at: At,
    /// About how far the country reaches from there, in units.
    pub reach: f64,
}

/// A base map.
pub struct Base {
    land: Vec<Line>,
    borders: Vec<Line>,
    /// Countries.
    pub countries: Vec<Country>,
}

/// The coarse map, for views of the world.
pub fn world() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| read(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/map/world.bin")), 4.0))
}

/// The fine map, for regions.
pub fn region() -> &'static Base {
    static BASE: OnceLock<Base> = OnceLock::new();
    BASE.get_or_init(|| read(include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/map/region.bin")), 1.0))
}

struct Bytes<'a>(&'a [u8]);

impl Bytes<'_> {
    fn varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for shift in (0..63).step_by(7) {
            let (byte, rest) = self.0.split_first()?;
            self.0 = rest;
            value |= u64::from(byte & 127) << shift;
            if byte & 128 == 0 {
                return Some(value);
            }
        }
        None
    }

    fn zigzag(&mut self) -> Option<f64> {
        let n = self.varint()? as i64;
        Some((if n % 2 == 1 { -(n / 2) - 1 } else { n / 2 }) as f64)
    }
}

/// Reads a file. The files are ours, and a test reads them to the end: what does not fit is left out.
fn read(file: &[u8], step: f64) -> Base {
    let mut base = Base { land: Vec::new(), borders: Vec::new(), countries: Vec::new() };
    let mut bytes = Bytes(file);
    while let Some(kind) = bytes.varint() {
        if item(&mut bytes, kind, step, &mut base).is_none() {
            break;
        }
    }
    base
}

fn item(bytes: &mut Bytes, kind: u64, step: f64, base: &mut Base) -> Option<()> {
    if kind == 2 {
        let at = (bytes.zigzag()? * step, bytes.zigzag()? * step);
        let reach = bytes.varint()? as f64 * step;
        let length = bytes.varint()? as usize;
        let (name, rest) = bytes.0.split_at_checked(length)?;
        bytes.0 = rest;
        base.countries.push(Country { name: String::from_utf8_lossy(name).into_owned(), at, reach });
        return Some(());
    }
    let count = bytes.varint()?;
    let (mut x, mut y) = (0.0, 0.0);
    let mut points = Vec::new();
    for _ in 0..count {
        x += bytes.zigzag()? * step;
        y += bytes.zigzag()? * step;
        points.push((x, y));
    }
    let frame = Frame::around(&points);
    if kind == 0 { &mut base.land } else { &mut base.borders }.push(Line { points, frame });
    Some(())
}

impl Base {
    /// The rings of land inside a frame, cut at its edges.
    pub fn land(&self, frame: &Frame) -> Vec<Vec<At>> {
        let near = self.land.iter().filter(|l| l.frame.meets(frame));
        near.map(|l| clip(&l.points, frame)).filter(|ring| ring.len() > 2).collect()
    }

    /// The stretches of border that touch a frame.
    pub fn borders(&self, frame: &Frame) -> Vec<Vec<At>> {
        let mut out = Vec::new();
        for line in self.borders.iter().filter(|l| l.frame.meets(frame)) {
            let mut run: Vec<At> = Vec::new();
            for pair in line.points.windows(2) {
                if Frame::around(pair).meets(frame) {
                    if run.is_empty() {
                        run.push(pair[0]);
                    }
                    run.push(pair[1]);
                } else if !run.is_empty() {
                    out.push(std::mem::take(&mut run));
                }
            }
            if !run.is_empty() {
                out.push(run);
            }
        }
        out
    }
}

/// A ring cut to a frame, edge by edge (Sutherland and Hodgman).
fn clip(ring: &[At], frame: &Frame) -> Vec<At> {
    let mut points = ring.to_vec();
    for edge in 0..4 {
        let inside = |p: &At| match edge {
            0 => p.0 >= frame.left,
            1 => p.0 <= frame.right,
            2 => p.1 >= frame.top,
            _ => p.1 <= frame.bottom,
        };
        let cross = |a: &At, b: &At| match edge {
            0 | 1 => {
                let x = if edge == 0 { frame.left } else { frame.right };
                (x, a.1 + (b.1 - a.1) * (x - a.0) / (b.0 - a.0))
            }
            _ => {
                let y = if edge == 2 { frame.top } else { frame.bottom };
                (a.0 + (b.0 - a.0) * (y - a.1) / (b.1 - a.1), y)
            }
        };
        let mut kept = Vec::with_capacity(points.len());
        let Some(mut before) = points.last().copied() else { break };
        for p in &points {
            if inside(p) != inside(&before) {
                kept.push(cross(&before, p));
            }
            if inside(p) {
                kept.push(*p);
            }
            before = *p;
        }
        points = kept;
    }
    points
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_files_are_read_to_the_end_and_lie_where_the_projection_says() {
        for base in [world(), region()] {
            assert!(base.land.len() > 100 && base.borders.len() > 100, "land and borders");
            let find = |name: &str| base.countries.iter().find(|c| c.name == name).expect("a country by name");
            for (name, lat, lon) in [("Syria", 35.0, 38.5), ("Colombia", 4.0, -73.0), ("Australia", -25.5, 134.5)] {
                let (x, y) = equal_earth(lat, lon);
                let (cx, cy) = find(name).at;
                let off = (x * SCALE - cx).hypot(y * SCALE - cy);
                assert!(off < 120.0, "{name} is {off} km off");
            }
            // The last record of a file is a country: reading stopped nowhere before.
            assert!(base.countries.len() > 170);
        }
    }

    #[test]
    fn the_plane_leads_back_to_the_globe() {
        for (lat, lon) in [(0.0, 0.0), (35.0, 38.5), (-54.8, -68.3), (78.2, 15.6), (-90.0, 0.0), (89.9, 179.0)] {
            let (x, y) = equal_earth(lat, lon);
            let (back_lat, back_lon) = from_equal_earth(x, y);
            assert!(
                (back_lat - lat).abs() < 1e-4 && (back_lon - lon).abs() < 1e-4,
                "{lat} {lon}: {back_lat} {back_lon}"
            );
        }
    }

    #[test]
    fn a_ring_is_cut_at_the_frame() {
        let frame = Frame { left: 0.0, top: 0.0, right: 10.0, bottom: 10.0 };
        let cut = clip(&[(-5.0, 2.0), (5.0, 2.0), (5.0, 20.0), (-5.0, 20.0)], &frame);
        assert!(cut.iter().all(|p| frame.holds(*p)), "{cut:?}");
        assert_eq!(Frame::around(&cut), Frame { left: 0.0, top: 2.0, right: 5.0, bottom: 10.0 });
        assert!(clip(&[(-5.0, 2.0), (-1.0, 2.0), (-1.0, 5.0)], &frame).is_empty());
    }
}
