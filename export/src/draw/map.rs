//! Maps: where incidents are told to have happened, how many they struck, and how sure the place is.

use std::collections::BTreeMap;

use super::Table;
use super::base::{self, At, Frame, SCALE, equal_earth};
use super::svg::{Svg, cut, short, width_of};

/// How well a place is known.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Exactness {
    /// A town, village or site.
    Place,
    /// Only the surroundings are known: somewhere within so many kilometres. Drawn hollow, with that ring.
    Within(f64),
}

/// A point of a map.
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
    /// How well the place is known.
    pub exactness: Exactness,
    /// The name of the place.
    pub name: String,
    /// What happened, in a line: shown on hover and read aloud.
    pub title: String,
    /// The figure that sizes it; `None` where none was given.
    pub size: Option<i64>,
    /// Whether sources differ on it: drawn with a second ring.
    pub disputed: bool,
    /// Where it leads.
    pub href: Option<String>,
}

/// A map of points.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Map {
    /// What it shows.
    pub label: String,
    /// What sizes the points: "killed, highest figure given".
    pub measure: String,
    /// The points, in the order of the table.
    pub points: Vec<Point>,
}

/// What part of the world a map shows.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub enum Look {
    /// As near as the points allow.
    #[default]
    Near,
    /// All of it.
    World,
    /// So many kilometres across, around a point.
    Around {
        /// Degrees north.
        lat: f64,
        /// Degrees east.
        lon: f64,
        /// Kilometres from the left edge to the right.
        km: f64,
    },
}

impl Look {
    /// The widest view around a point, in kilometres; what is wider is the world.
    pub const WIDEST: f64 = 12_000.0;
    /// The narrowest.
    pub const NARROWEST: f64 = NARROWEST;

    /// The view that holds these points (degrees north and east) with some room around them.
    pub fn over(points: &[(f64, f64)]) -> Look {
        let placed: Vec<At> = points.iter().filter(|p| on_globe(p.0, p.1)).map(|p| on_plane(p.0, p.1)).collect();
        let edges = |axis: fn(&At) -> f64| {
            let values = || placed.iter().map(axis);
            (values().fold(f64::INFINITY, f64::min), values().fold(f64::NEG_INFINITY, f64::max))
        };
        if placed.is_empty() {
            return Look::World;
        }
        let ((left, right), (top, bottom)) = (edges(|p| p.0), edges(|p| p.1));
        let km = ((right - left) * 1.3).max((bottom - top) * 1.3 * WIDTH / HEIGHT).max(NARROWEST);
        let (lat, lon) = base::from_equal_earth((left + right) / 2.0 / SCALE, (top + bottom) / 2.0 / SCALE);
        if km > Look::WIDEST { Look::World } else { Look::Around { lat, lon, km } }
    }

    /// The view from so many times as near (less than one: as far), around the same point. The world is seen from nowhere
    /// nearer, and nothing from farther than the world.
    pub fn nearer(self, times: f64) -> Look {
        match self {
            Look::Around { lat, lon, km } if km / times <= Look::WIDEST => {
                Look::Around { lat, lon, km: (km / times).max(NARROWEST / 4.0) }
            }
            Look::Around { .. } | Look::World => Look::World,
            Look::Near => Look::Near,
        }
    }
}

fn on_globe(lat: f64, lon: f64) -> bool {
    (-90.0..=90.0).contains(&lat) && (-180.0..=180.0).contains(&lon)
}

fn on_plane(lat: f64, lon: f64) -> At {
    let (x, y) = equal_earth(lat, lon);
    (x * SCALE, y * SCALE)
}

const WIDTH: f64 = 760.0;
const HEIGHT: f64 = 440.0;
/// The widest view that is still drawn as a region, in units (about kilometres).
const REGION: f64 = 9_000.0;
/// The narrowest view, in units: closer than that neither coast lines nor a country's name tell where one is.
const NARROWEST: f64 = 600.0;

/// The view: a frame of the plane and how it falls on the picture.
struct View {
    frame: Frame,
    scale: f64,
    height: f64,
}

impl View {
    fn at(&self, p: At) -> At {
        ((p.0 - self.frame.left) * self.scale, (p.1 - self.frame.top) * self.scale)
    }
}

impl Map {
    /// Draws the map: as near as its points allow, the world when they lie far apart or when there are none.
    pub fn svg(&self) -> String {
        self.svg_of(Look::Near)
    }

    /// What a view of this map shows, as a place and a width, or the world.
    pub fn shown(&self, look: Look) -> Look {
        let frame = seen(&self.placed(), look).frame;
        let km = frame.right - frame.left;
        if km > Look::WIDEST {
            return Look::World;
        }
        let at = |a: f64, b: f64| (a + b) / 2.0 / SCALE;
        let (lat, lon) = base::from_equal_earth(at(frame.left, frame.right), at(frame.top, frame.bottom));
        Look::Around { lat, lon, km }
    }

    /// Draws one view of the map. Points outside it are counted in its corner.
    pub fn svg_of(&self, look: Look) -> String {
        let placed: Vec<(&Point, At)> = self.placed();
        let view = seen(&placed, look);
        let whole = view.frame.right - view.frame.left > REGION;
        let base = if whole { base::world() } else { base::region() };
        let mut svg = Svg::new("map", &self.label, WIDTH, view.height);
        svg.raw("<g aria-hidden=\"true\">");
        svg.rect("sea", 0.0, 0.0, WIDTH, view.height);
        let mut margin = view.frame;
        let pad = 8.0 / view.scale;
        (margin.left, margin.right) = (margin.left - pad, margin.right + pad);
        (margin.top, margin.bottom) = (margin.top - pad, margin.bottom + pad);
        path(&mut svg, "land", &base.land(&margin), &view, true);
        path(&mut svg, "border", &base.borders(&margin), &view, false);
        svg.raw("</g>");

        let spots = self.spots(&placed, &view);
        // Large circles first, so that small ones lie above them and can be reached.
        let mut order: Vec<usize> = (0..spots.len()).collect();
        order.sort_by(|a, b| spots[*b].2.total_cmp(&spots[*a].2).then(a.cmp(b)));
        for i in &order {
            let ((point, _), (x, y), r) = (placed[*i], spots[*i].1, spots[*i].2);
            if !view.frame.holds(placed[*i].1) {
                continue;
            }
            let mut class =
                if point.exactness == Exactness::Place { "point".to_owned() } else { "point area".to_owned() };
            if point.disputed {
                class.push_str(" disputed");
            }
            svg.open_link(&class, point.href.as_deref(), &point.title);
            if let Exactness::Within(km) = point.exactness {
                svg.circle("within", x, y, (km.max(0.0) * SCALE / 6_371.0 * view.scale).clamp(r + 3.0, WIDTH));
            }
            svg.circle("dot", x, y, r);
            if point.disputed {
                svg.circle("ring", x, y, r + 2.5);
            }
            svg.close_link();
        }
        self.names(&mut svg, &placed, &spots, &order, base, &view);
        let outside = placed.iter().filter(|p| !view.frame.holds(p.1)).count();
        if outside > 0 {
            let more = format!("{outside} more outside this map: see the table");
            svg.text("name", WIDTH - 12.0, 18.0, "end", &more);
        }
        self.legend(&mut svg, &view, whole);
        svg.finish()
    }

    /// The points that lie on the globe, with their places on the plane.
    fn placed(&self) -> Vec<(&Point, At)> {
        self.points.iter().filter(|p| on_globe(p.lat, p.lon)).map(|p| (p, on_plane(p.lat, p.lon))).collect()
    }

    fn largest(&self) -> i64 {
        self.points.iter().filter_map(|p| p.size).max().unwrap_or(0).max(1)
    }

    fn radius(&self, size: Option<i64>) -> f64 {
        let share = size.unwrap_or(0).max(0) as f64 / self.largest() as f64;
        4.0 + 15.0 * share.sqrt()
    }

    /// Where each point is drawn and how large: several at one place stand around it, so that each can be reached.
    fn spots(&self, placed: &[(&Point, At)], view: &View) -> Vec<(usize, At, f64)> {
        let mut at_place: BTreeMap<(i64, i64), f64> = BTreeMap::new();
        let spot = |(i, (point, at)): (usize, &(&Point, At))| {
            let (x, y) = view.at(*at);
            let n = at_place.entry((x.round() as i64, y.round() as i64)).or_default();
            // A sunflower: the nth at the golden angle, at a distance that keeps the density.
            let (angle, away) = (*n * 2.399_963, 8.0 * n.sqrt());
            *n += 1.0;
            (i, (x + away * angle.cos(), y + away * angle.sin()), self.radius(point.size))
        };
        placed.iter().enumerate().map(spot).collect()
    }

    /// Names of places and countries, where there is room for them.
    fn names(
        &self,
        svg: &mut Svg,
        placed: &[(&Point, At)],
        spots: &[(usize, At, f64)],
        order: &[usize],
        base: &base::Base,
        view: &View,
    ) {
        let mut taken: Vec<[f64; 4]> =
            spots.iter().map(|s| [s.1.0 - 4.0, s.1.1 - 4.0, s.1.0 + 4.0, s.1.1 + 4.0]).collect();
        taken.push([0.0, view.height - 40.0, 240.0, view.height]);
        let mut named: Vec<&str> = Vec::new();
        svg.raw("<g aria-hidden=\"true\">");
        for i in order.iter().take(40) {
            let (point, (x, y), r) = (placed[*i].0, spots[*i].1, spots[*i].2);
            if !view.frame.holds(placed[*i].1) {
                continue;
            }
            if point.name.is_empty() || named.contains(&point.name.as_str()) || point.exactness != Exactness::Place {
                continue;
            }
            let name = cut(&point.name, 24);
            let w = width_of(&name);
            for (tx, anchor, left) in [(x + r + 4.0, "start", x + r + 4.0), (x - r - 4.0, "end", x - r - 4.0 - w)] {
                let place = [left, y - 7.0, left + w, y + 6.0];
                if free(&taken, &place) {
                    svg.text("name", tx, y + 4.0, anchor, &name);
                    taken.push(place);
                    named.push(&point.name);
                    break;
                }
            }
        }
        let mut countries: Vec<&base::Country> = base.countries.iter().filter(|c| view.frame.holds(c.at)).collect();
        countries.sort_by(|a, b| b.reach.total_cmp(&a.reach));
        for country in countries.into_iter().take(30) {
            let (x, y) = view.at(country.at);
            let w = width_of(&country.name) * 1.25;
            let place = [x - w / 2.0, y - 8.0, x + w / 2.0, y + 8.0];
            if country.reach * view.scale * 2.6 > w && free(&taken, &place) {
                svg.text("country", x, y + 4.0, "middle", &country.name);
                taken.push(place);
            }
        }
        svg.raw("</g>");
    }

    /// How large how many is, and how long a kilometre.
    fn legend(&self, svg: &mut Svg, view: &View, whole: bool) {
        svg.raw("<g aria-hidden=\"true\">");
        if self.points.iter().any(|p| p.size.is_some()) {
            let most = self.largest();
            let r = self.radius(Some(most));
            svg.circle("legend-dot", 8.0 + r, view.height - 8.0 - r, r);
            svg.text("name", 14.0 + 2.0 * r, view.height - 4.0 - r, "start", &format!("{most} {}", self.measure));
        }
        if !whole {
            let km =
                [1_000.0, 500.0, 200.0, 100.0, 50.0].into_iter().find(|km| km * view.scale < 120.0).unwrap_or(20.0);
            let (x, y) = (WIDTH - 12.0, view.height - 12.0);
            svg.line("scale", (x - km * view.scale, y), (x, y));
            svg.text("name", x, y - 5.0, "end", &format!("{km} km"));
        }
        svg.raw("</g>");
    }

    /// The points as rows.
    pub fn table(&self) -> Table {
        let mut table = Table::new(&self.label, &["place", "what", &self.measure, "place known to"]);
        for p in &self.points {
            let known = match p.exactness {
                Exactness::Place => "the place".to_owned(),
                Exactness::Within(km) => format!("within about {} km", short(km.round())),
            };
            let size = p.size.map(|n| n.to_string()).unwrap_or_default();
            table.rows.push(vec![p.name.clone(), p.title.clone(), size, known]);
        }
        table
    }
}

fn free(taken: &[[f64; 4]], place: &[f64; 4]) -> bool {
    place[0] > 2.0
        && place[2] < WIDTH - 2.0
        && !taken.iter().any(|t| t[0] < place[2] && place[0] < t[2] && t[1] < place[3] && place[1] < t[3])
}

fn world() -> Frame {
    let (right, _) = equal_earth(0.0, 180.0);
    Frame { left: -right * SCALE, top: -1.12 * SCALE, right: right * SCALE, bottom: 0.98 * SCALE }
}

/// The frame that is asked for.
fn seen(placed: &[(&Point, At)], look: Look) -> View {
    let frame = match look {
        Look::Near => return view(placed),
        Look::Around { lat, lon, km } if on_globe(lat, lon) && km <= Look::WIDEST => {
            let ((x, y), width) = (on_plane(lat, lon), km.max(NARROWEST / 4.0));
            let height = width * HEIGHT / WIDTH;
            Frame { left: x - width / 2.0, top: y - height / 2.0, right: x + width / 2.0, bottom: y + height / 2.0 }
        }
        Look::World | Look::Around { .. } => world(),
    };
    let scale = WIDTH / (frame.right - frame.left);
    View { frame, scale, height: (frame.bottom - frame.top) * scale }
}

/// The frame around all points and what surrounds them, in the picture's proportions.
fn view(placed: &[(&Point, At)]) -> View {
    let reach = |p: &Point| match p.exactness {
        Exactness::Place => 0.0,
        Exactness::Within(km) => km.clamp(0.0, 1_000.0) * 0.6,
    };
    let kept = near_one_another(placed);
    let edges = kept.iter().fold(None, |edges: Option<Frame>, (p, (x, y))| {
        let r = reach(p);
        let f = Frame { left: x - r, top: y - r, right: x + r, bottom: y + r };
        Some(edges.map_or(f, |e| Frame {
            left: e.left.min(f.left),
            top: e.top.min(f.top),
            right: e.right.max(f.right),
            bottom: e.bottom.max(f.bottom),
        }))
    });
    let frame = edges.map_or_else(world, |e| {
        let (w, h) = ((e.right - e.left) * 1.3, (e.bottom - e.top) * 1.3);
        let width = w.max(h * WIDTH / HEIGHT).max(NARROWEST);
        if width > REGION {
            return world();
        }
        let (x, y) = ((e.left + e.right) / 2.0, (e.top + e.bottom) / 2.0);
        let height = width * HEIGHT / WIDTH;
        Frame { left: x - width / 2.0, top: y - height / 2.0, right: x + width / 2.0, bottom: y + height / 2.0 }
    });
    let scale = WIDTH / (frame.right - frame.left);
    View { frame, scale, height: (frame.bottom - frame.top) * scale }
}

/// Nearly all points: one far off (a capital that is blamed, a misread name) must not shrink the rest to a spot. Where
/// nine tenths of the points lie on less than half the width, the view is theirs, and the picture says what is outside.
fn near_one_another<'a, 'b>(placed: &'a [(&'b Point, At)]) -> Vec<&'a (&'b Point, At)> {
    let width = |of: &[&(&Point, At)]| {
        let across = |axis: fn(&At) -> f64| {
            let values = || of.iter().map(|p| axis(&p.1));
            values().fold(f64::NEG_INFINITY, f64::max) - values().fold(f64::INFINITY, f64::min)
        };
        across(|p| p.0).max(across(|p| p.1) * WIDTH / HEIGHT).max(NARROWEST)
    };
    let all: Vec<&(&Point, At)> = placed.iter().collect();
    if all.len() < 5 {
        return all;
    }
    let middle = |axis: fn(&At) -> f64| {
        let mut values: Vec<f64> = all.iter().map(|p| axis(&p.1)).collect();
        values.sort_by(f64::total_cmp);
        values.get(values.len() / 2).copied().unwrap_or(0.0)
    };
    let (x, y) = (middle(|p| p.0), middle(|p| p.1));
    let mut near = all.clone();
    near.sort_by(|a, b| (a.1.0 - x).hypot(a.1.1 - y).total_cmp(&(b.1.0 - x).hypot(b.1.1 - y)));
    near.truncate((all.len() * 9).div_ceil(10).min(all.len() - 1));
    if width(&near) < width(&all) / 2.0 { near } else { all }
}

/// Lines as one path in the picture's units; points closer than a pixel are left out.
fn path(svg: &mut Svg, class: &str, lines: &[Vec<At>], view: &View, close: bool) {
    let mut d = String::new();
    for line in lines {
        let mut last: Option<At> = None;
        for (i, p) in line.iter().enumerate() {
            let (x, y) = view.at(*p);
            let near = last.is_some_and(|l| (l.0 - x).hypot(l.1 - y) < 0.8);
            if near && i + 1 < line.len() {
                continue;
            }
            d.push(if last.is_none() { 'M' } else { 'L' });
            d.push_str(&short(x));
            d.push(' ');
            d.push_str(&short(y));
            last = Some((x, y));
        }
        if close {
            d.push('Z');
        }
    }
    svg.raw(&format!("<path class=\"{class}\" d=\"{d}\"/>"));
}
