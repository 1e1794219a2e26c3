//! What holds of every picture: it is well formed whatever the texts are, and says no less than its table.

use jiff::civil::date;

use super::*;

/// Text that breaks out of attributes, tags and comments where it is not escaped.
const NASTY: &str = "\"><script>alert('x')</script><!-- ]]> & \u{0}\u{b}\u{1F600} \u{202e}";

fn point(lat: f64, lon: f64, size: Option<i64>) -> Point {
    Point {
        lat,
        lon,
        exactness: Exactness::Place,
        name: "Oldbridge".to_owned(),
        title: "shelling, Oldbridge".to_owned(),
        size,
        disputed: false,
        href: Some("#i1".to_owned()),
    }
}

/// The names of the elements that are open at the end, and of all that were seen; panics where tags do not nest.
fn elements(svg: &str) -> Vec<String> {
    let (mut open, mut seen) = (Vec::new(), Vec::new());
    for piece in svg.split('<').skip(1) {
        let (tag, text) = piece.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "a bare > in {text}");
        assert_eq!(tag.matches('"').count() % 2, 0, "quotes in {tag}");
        let name = tag.trim_start_matches('/').split([' ', '/']).next().unwrap_or_default().to_owned();
        if tag.starts_with('/') {
            assert_eq!(open.pop(), Some(name));
        } else {
            seen.push(name.clone());
            if !tag.ends_with('/') {
                open.push(name);
            }
        }
    }
    assert!(open.is_empty(), "open at the end: {open:?}");
    seen
}

fn nasty_timeline() -> Timeline {
    let text = || NASTY.to_owned();
    let (since, until) = (date(2016, 9, 1), date(2016, 9, 30));
    Timeline {
        label: text(),
        since,
        until,
        events: vec![Event {
            start: since,
            end: until,
            label: text(),
            disputed: true,
            href: Some("javascript:alert(1)".into()),
        }],
        strips: vec![Strip {
            label: text(),
            segments: vec![Segment {
                from: since,
                until: None,
                status: "in_force".into(),
                title: text(),
                href: Some(text()),
            }],
            marks: vec![Mark { day: since, status: "violated".into(), title: text(), href: None }],
        }],
    }
}

#[test]
fn no_text_breaks_a_picture_and_no_link_runs_a_script() {
    let text = || NASTY.to_owned();
    let map = Map {
        label: text(),
        measure: text(),
        points: vec![Point {
            name: text(),
            title: text(),
            href: Some(text()),
            disputed: true,
            ..point(36.2, 37.1, Some(3))
        }],
    };
    let value = Value {
        when: text(),
        low: Some(1),
        high: None,
        by: text(),
        words: text(),
        href: Some("data:text/html,x".into()),
    };
    let series = Series { label: text(), values: vec![value] };
    let bars =
        Bars { label: text(), bars: vec![Bar { label: text(), value: 2, href: Some("//example.org/?a=b&c".into()) }] };
    let strip = nasty_timeline().strips[0].svg(date(2016, 9, 1), date(2016, 9, 2));
    for svg in [map.svg(), nasty_timeline().svg(), series.svg(), bars.svg(), strip] {
        let seen = elements(&svg);
        assert!(!seen.iter().any(|e| e == "script"), "{svg}");
        assert!(
            !svg.contains("javascript:") && !svg.contains("data:") && !svg.contains(" style=") && !svg.contains(" id=")
        );
        assert!(
            seen.iter().filter(|e| *e == "a").count() > 0 && svg.contains("<title>"),
            "everything can be reached and named"
        );
    }
    for table in [map.table(), nasty_timeline().table(), series.table(), bars.table()] {
        assert!(table.rows.iter().all(|r| r.len() == table.head.len()));
        elements(&table.html());
    }
}

#[test]
fn a_map_is_drawn_near_its_points_and_the_world_where_they_lie_apart() {
    let near = Map { points: vec![point(36.2, 37.1, Some(9)), point(35.9, 36.6, None)], ..Map::default() };
    let svg = near.svg();
    assert!(svg.contains(" km</text>") && svg.contains(">Syria<") && !svg.contains(">Brazil<"), "a region, named");
    assert!(svg.len() < 60_000, "cut to the view: {} bytes", svg.len());
    let far = Map { points: vec![point(36.2, 37.1, None), point(-12.0, -77.0, None)], ..Map::default() };
    assert!(far.svg().contains(">Brazil<") && !far.svg().contains(" km</text>"));
    // One far off is told, and the rest keeps its size.
    let mut points = vec![point(36.2, 37.1, None); 11];
    points.push(point(55.7, 37.6, None));
    let svg = Map { points, ..Map::default() }.svg();
    assert!(svg.contains("1 more outside this map") && svg.matches("<a ").count() == 11 && !svg.contains(">Russia<"));
    // What is no place on the globe is not drawn, and stays in the table.
    let lost = Map { points: vec![point(f64::NAN, 500.0, None)], ..Map::default() };
    assert!(!lost.svg().contains("<a ") && lost.table().rows.len() == 1);
}

#[test]
fn figures_size_points_and_doubt_is_drawn() {
    let radius = |svg: &str, n: usize| -> f64 {
        let dots: Vec<&str> = svg.split("class=\"dot\"").skip(1).collect();
        let r = dots[n].split("r=\"").nth(1).and_then(|r| r.split('"').next());
        r.and_then(|r| r.parse().ok()).expect("a radius")
    };
    let area = Point { exactness: Exactness::Within(80.0), disputed: true, ..point(35.0, 38.0, None) };
    let map = Map { points: vec![area, point(36.2, 37.1, Some(1)), point(35.3, 40.1, Some(90))], ..Map::default() };
    let svg = map.svg();
    assert!(radius(&svg, 0) > radius(&svg, 1) && radius(&svg, 1) >= radius(&svg, 2), "largest first");
    assert_eq!((svg.matches("class=\"within\"").count(), svg.matches("class=\"ring\"").count()), (1, 1));
    // Two at one place do not hide one another.
    let twice = Map { points: vec![point(36.2, 37.1, None), point(36.2, 37.1, None)], ..Map::default() }.svg();
    let centres: Vec<&str> = twice.split("class=\"dot\" ").skip(1).map(|d| d.split(" r=").next().unwrap()).collect();
    assert_ne!(centres[0], centres[1]);
}

#[test]
fn time_runs_left_to_right_and_crowds_are_counted() {
    let day = date(2016, 9, 12);
    let event = Event { start: day, end: day, label: "shelling".into(), disputed: false, href: None };
    let mut timeline = Timeline {
        label: "September".into(),
        since: date(2016, 9, 10),
        until: date(2016, 9, 20),
        events: vec![event.clone(); 20],
        strips: Vec::new(),
    };
    assert!(timeline.svg().contains(">+6<"), "six of twenty are counted, not drawn");
    timeline.events = vec![Event { start: date(2015, 1, 1), end: date(2015, 1, 2), ..event }];
    assert!(!timeline.svg().contains("<a "), "outside the days drawn");
    // Any stretch of days has an axis of bounded length.
    timeline.since = date(-9999, 1, 1);
    timeline.until = date(9999, 12, 31);
    assert!(timeline.svg().len() < 50_000);
    timeline.until = timeline.since;
    elements(&timeline.svg());
}

#[test]
fn bounds_are_drawn_as_bounds() {
    let value = |low, high| Value {
        when: "12 Sep 2016".into(),
        low,
        high,
        by: "a medic".into(),
        words: "…".into(),
        href: None,
    };
    let series = Series {
        label: "killed".into(),
        values: vec![value(Some(43), None), value(None, Some(20)), value(Some(10), Some(15)), value(None, None)],
    };
    let svg = series.svg();
    assert_eq!((svg.matches("range open").count(), svg.matches("class=\"range\"").count()), (2, 1));
    assert_eq!(svg.matches("class=\"none\"").count(), 1);
    let extreme =
        Series { label: String::new(), values: vec![value(Some(i64::MAX), Some(i64::MIN)), value(Some(-5), None)] };
    elements(&extreme.svg());
}

#[test]
fn a_map_is_looked_at_from_near_and_far() {
    let points = vec![point(36.2, 37.1, Some(9)), point(35.9, 36.6, None), point(4.6, -74.1, Some(1))];
    let map = Map { points, ..Map::default() };
    let world = map.svg_of(Look::World);
    assert_eq!(world.matches("class=\"dot\"").count(), 3, "the world shows all");
    let over = Look::over(&[(36.2, 37.1), (35.9, 36.6)]);
    let Look::Around { lat, lon, km } = over else { panic!("{over:?}") };
    assert!((35.9..36.2).contains(&lat) && (36.6..37.1).contains(&lon) && km >= Look::NARROWEST, "{over:?}");
    let near = map.svg_of(over);
    assert_eq!(near.matches("class=\"dot\"").count(), 2);
    assert!(near.contains("1 more outside this map"), "{near}");
    // What is shown around a point is shown again when asked for, and the world is the end of the way out.
    let Look::Around { lat: y, lon: x, km: w } = map.shown(over) else { panic!("not the world") };
    assert!((y - lat).abs() < 0.01 && (x - lon).abs() < 0.01 && (w - km).abs() < 1.0);
    assert_eq!(over.nearer(0.01), Look::World);
    assert!(matches!(over.nearer(1e9), Look::Around { km, .. } if km > 100.0));
    for lost in [Look::Around { lat: f64::NAN, lon: 0.0, km: 500.0 }, Look::Around { lat: 0.0, lon: 0.0, km: f64::NAN }]
    {
        elements(&map.svg_of(lost));
    }
    assert_eq!((Look::over(&[]), Look::over(&[(80.0, -170.0), (-60.0, 170.0)])), (Look::World, Look::World));
}
