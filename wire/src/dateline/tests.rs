//! Every agency's form, and what is none. The sentences are our own.

use super::*;

/// `TEXT` must open with a dateline of this place, day (`M-D` or `Y-M-D`) and agency, that ends before `rest`.
fn check(text: &str, place: &str, day: &str, agency: &str, rest: &str) {
    let Some(found) = find(text, 0..text.len()) else { panic!("no dateline in {text:?}") };
    let day_found = found.written.map_or(String::new(), |d| {
        let year = d.year.map_or(String::new(), |y| format!("{y}-"));
        format!("{year}{}-{}", d.month, d.day)
    });
    let read = (found.place.as_deref().unwrap_or(""), day_found.as_str(), found.agency.as_deref().unwrap_or(""));
    assert_eq!(read, (place, day, agency), "in {text:?}");
    assert!(
        text[found.bytes.end..].trim_start().starts_with(rest),
        "{text:?}: the dateline ends before {:?}",
        &text[found.bytes.end..]
    );
}

#[test]
fn the_agencies_forms() {
    let s = "The army said two people died.";
    for (head, place, day, agency) in [
        // Place, day, agency.
        ("WASHINGTON, September 29. /TASS/.", "WASHINGTON", "9-29", "TASS"),
        ("MOSCOW, 5 March (RIA Novosti) -", "MOSCOW", "3-5", "RIA Novosti"),
        ("MOSCOW, March 5 - RIA Novosti.", "MOSCOW", "3-5", "RIA Novosti"),
        ("MOSCOW. Sept 29 (Interfax) -", "MOSCOW", "9-29", "Interfax"),
        ("Kyiv. Sept 29. Interfax-Ukraine –", "Kyiv", "9-29", "Interfax-Ukraine"),
        ("KYIV, September 29 /Ukrinform/.", "KYIV", "9-29", "Ukrinform"),
        ("BAKU, Azerbaijan, Sept. 29 / Trend -", "BAKU, Azerbaijan", "9-29", "Trend"),
        ("YEREVAN, SEPTEMBER 29, ARMENPRESS.", "YEREVAN", "9-29", "Armenpress"),
        ("DAMASCUS, Sept 12 (Xinhua) --", "DAMASCUS", "9-12", "Xinhua"),
        ("GENEVA, 12 Sept 2016 (AFP) -", "GENEVA", "2016-9-12", "AFP"),
        ("Paris, June 3, 2015 (AFP) -", "Paris", "2015-6-3", "AFP"),
        ("JERUSALEM, Jan. 5 (UPI) --", "JERUSALEM", "1-5", "UPI"),
        ("TOKYO, Sept. 29, Kyodo -", "TOKYO", "9-29", "Kyodo"),
        ("MOGADISHU, 12 December 2006 (IRIN) -", "MOGADISHU", "2006-12-12", "IRIN"),
        ("MADRID, Spain, Sept 29 (EFE).-", "MADRID, Spain", "9-29", "EFE"),
        ("Genf, 12. September (dpa) -", "Genf", "9-12", "dpa"),
        ("BUDAPEST, April 7, Reuter -", "BUDAPEST", "4-7", "Reuters"),
        ("BEIRUT, 3 July 2016 (Harbour Courier) -", "BEIRUT", "2016-7-3", "Harbour Courier"),
        ("GENEVA, September 10. /Meridian/.", "GENEVA", "9-10", "Meridian"),
        ("DAMASCUS, September 11 (Steppe Telegraph) --", "DAMASCUS", "9-11", "Steppe Telegraph"),
        // Place and day.
        ("LONDON, March 3 -", "LONDON", "3-3", ""),
        ("PARIS,March 16 -", "PARIS", "3-16", ""),
        ("JOHANNESBURG March 13 -", "JOHANNESBURG", "3-13", ""),
        ("RICHMOND, Va. Feb 26 -", "RICHMOND, Va.", "2-26", ""),
        ("ST. LOUIS, Oct. 20 -", "ST. LOUIS", "10-20", ""),
        ("CHEVY CHASE, Md., - March 4 -", "CHEVY CHASE, Md.", "3-4", ""),
        ("KANSAS CITY, Mo. - March 13 -", "KANSAS CITY, Mo.", "3-13", ""),
        ("RYE BROOK, N.Y., March 2 -", "RYE BROOK, N.Y.", "3-2", ""),
        ("THE HAGUE, March 2 -", "THE HAGUE", "3-2", ""),
        ("RIO DE JANEIRO, APRIL 7 -", "RIO DE JANEIRO", "4-7", ""),
        ("kansas city, april 7 -", "kansas city", "4-7", ""),
        ("NEW YORK/LONDON, June 2-", "NEW YORK", "6-2", ""),
        ("DALLAS/FORT WORTH, Texas, March 3 -", "DALLAS", "3-3", ""),
        ("ROTTERDAM, April 1, -", "ROTTERDAM", "4-1", ""),
        ("****MOSCOW, April 29 -", "MOSCOW", "4-29", ""),
        ("ARNHEM, the Netherlands, April 1 -", "ARNHEM, the Netherlands", "4-1", ""),
        ("Geneva / Beirut, 12 September 2016 –", "Geneva", "2016-9-12", ""),
        ("GENEVA (12 September 2016) –", "GENEVA", "2016-9-12", ""),
        ("(New York, September 12, 2016) –", "New York", "2016-9-12", ""),
        ("Damascus, Thursday, 29 Sept. –", "Damascus", "9-29", ""),
        // Place and agency.
        ("BEIRUT (Reuters) -", "BEIRUT", "", "Reuters"),
        ("PARIS (AP) —", "PARIS", "", "AP"),
        ("COLUMBUS, Ohio (AP) —", "COLUMBUS, Ohio", "", "AP"),
        ("Berlin (dpa) –", "Berlin", "", "dpa"),
        ("Beirut, Lebanon (CNN) --", "Beirut, Lebanon", "", "CNN"),
        ("AMMAN/BEIRUT (Reuters) -", "AMMAN", "", "Reuters"),
        ("DAMASCUS (Sputnik)", "DAMASCUS", "", "Sputnik"),
        ("Damascus, SANA –", "Damascus", "", "SANA"),
        ("TEHRAN, (IRNA) –", "TEHRAN", "", "IRNA"),
        ("Geneva (ICRC) –", "Geneva", "", "ICRC"),
        ("BAGHDAD / Aswat al-Iraq:", "BAGHDAD", "", "Aswat al-Iraq"),
        ("Baghdad (IraqiNews.com) –", "Baghdad", "", "IraqiNews.com"),
        ("BEIRUT (Harbour Courier) -", "BEIRUT", "", "Harbour Courier"),
        ("DEIR EZ-ZOR, Syria (Harbour Courier) -", "DEIR EZ-ZOR, Syria", "", "Harbour Courier"),
        // A place alone.
        ("HONG KONG —", "HONG KONG", "", ""),
        ("RANGOON, Burma -", "RANGOON, Burma", "", ""),
        ("PHILADELPHIA ―", "PHILADELPHIA", "", ""),
        ("Moscow –", "Moscow", "", ""),
        ("Islamabad:", "Islamabad", "", ""),
        ("(Beirut) –", "Beirut", "", ""),
        ("AZAZ, Syria —", "AZAZ, Syria", "", ""),
        // An agency before everything else.
        ("afrol News, 23 April -", "", "4-23", "afrol News"),
        ("(ANSA) - ROME, SEP 29 -", "ROME", "9-29", "ANSA"),
        ("Xinhua, Beijing, Sept 12 -", "Beijing", "9-12", "Xinhua"),
        ("(CNN) —", "", "", "CNN"),
        ("(CNN)", "", "", "CNN"),
        ("Afp -", "", "", "AFP"),
        ("March 3 (Reuters) -", "", "3-3", "Reuters"),
    ] {
        check(&format!("{head} {s}"), place, day, agency, s);
    }
}

#[test]
fn a_dateline_behind_a_time_stamp_or_a_headline() {
    let s = "Two people were killed.";
    check(&format!("10:45 GMT, MOSCOW (Reuters) - {s}"), "MOSCOW", "", "Reuters", s);
    check(&format!("10:45 BEIRUT, Sept 29 (Xinhua) -- {s}"), "BEIRUT", "9-29", "Xinhua", s);
    check(
        &format!("Raid kills two in Azaz KILIS, Turkey, September 29. /TASS/. {s}"),
        "KILIS, Turkey",
        "9-29",
        "TASS",
        s,
    );
    check(&format!("TUNIS (AP) — {s}\n"), "TUNIS", "", "AP", s);
}

#[test]
fn hard_wrapped_and_unspaced_ends() {
    check("LONDON, March 3 -\nThe bank said so.", "LONDON", "3-3", "", "The bank");
    check("NEW\nYORK, March 3 - The bank said so.", "NEW YORK", "3-3", "", "The bank");
    check("Istanbul (CNN)Turkish jets struck.", "Istanbul", "", "CNN", "Turkish");
    check("LONDON, March 3 - 43 people died.", "LONDON", "3-3", "", "43 people");
    check("BEIRUT (Reuters)- Two died.", "BEIRUT", "", "Reuters", "Two");
}

#[test]
fn prose_is_no_dateline() {
    for text in [
        "",
        "-",
        "The army - said to be 3,000 strong - withdrew.",
        "Kerry: Washington close to breaking off talks",
        "NATO — The alliance said it had no part in it.",
        "UPDATE — Two people were killed.",
        "BREAKING - Two people were killed.",
        "On Monday, March 3 - the day of the vote - nobody came.",
        "Monday, March 3 - The vote.",
        "April 7 - Two people were killed.",
        "In Geneva, March 3-5 talks were held.",
        "Islamic State (IS) - The group said so.",
        "Standard Oil Co (SRD) said it will form a unit.",
        "Reuters reported on September 29 - wrongly - that two died.",
        "TASS said so on March 5.",
        "The Syrian Observatory for Human Rights (SOHR) said 12 people died.",
        "Harbour Courier reporters saw it. (AP) A plane fell.",
        "U.S. forces, which left on March 3 - two years ago - did not return.",
        "Damascus and Moscow said they would not.",
        "Homs: 12",
        "POLLS WERE NOT WRONG, JUST TOO EARLY - The count says so.",
        "WRITER-- The envoy said what he thought.",
        "Russia, Iran and Turkey - the guarantors - met in Astana.",
        "President Assad - The man himself - spoke.",
    ] {
        let found = find(text, 0..text.len());
        assert!(found.is_none(), "{text:?} gave {found:?}");
    }
}
