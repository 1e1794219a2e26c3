-- What lists are narrowed by, kept by triggers so that no question has to count a million rows.

-- The places that accounts name. A name stays when the last account that gave it is gone.
CREATE TABLE place_names (
    place    TEXT NOT NULL,
    admin1   TEXT NOT NULL,                -- province; '' where it is not known
    country  TEXT NOT NULL,                -- ISO 3166 alpha-2; '' where it is not known
    PRIMARY KEY (place, admin1, country)
) WITHOUT ROWID;

CREATE TRIGGER accounts_name_place AFTER INSERT ON accounts WHEN NEW.place IS NOT NULL BEGIN
    INSERT OR IGNORE INTO place_names (place, admin1, country)
    VALUES (NEW.place, coalesce(NEW.admin1, ''), coalesce(NEW.country, ''));
END;
CREATE TRIGGER accounts_rename_place AFTER UPDATE OF place, admin1, country ON accounts WHEN NEW.place IS NOT NULL BEGIN
    INSERT OR IGNORE INTO place_names (place, admin1, country)
    VALUES (NEW.place, coalesce(NEW.admin1, ''), coalesce(NEW.country, ''));
END;

-- How many statements each name makes.
CREATE TRIGGER statements_counted AFTER INSERT ON statements BEGIN
    UPDATE actor_names SET statements = statements + 1 WHERE name = NEW.speaker;
END;
CREATE TRIGGER statements_uncounted AFTER DELETE ON statements BEGIN
    UPDATE actor_names SET statements = statements - 1 WHERE name = OLD.speaker;
END;
CREATE TRIGGER statements_recounted AFTER UPDATE OF speaker ON statements BEGIN
    UPDATE actor_names SET statements = statements - 1 WHERE name = OLD.speaker;
    UPDATE actor_names SET statements = statements + 1 WHERE name = NEW.speaker;
END;

-- How often each name is blamed, suspected or owns up.
CREATE TRIGGER perpetrators_counted AFTER INSERT ON perpetrators WHEN NEW.stance <> 'denies' BEGIN
    UPDATE actor_names SET blamed = blamed + 1 WHERE name = NEW.actor;
END;
CREATE TRIGGER perpetrators_uncounted AFTER DELETE ON perpetrators WHEN OLD.stance <> 'denies' BEGIN
    UPDATE actor_names SET blamed = blamed - 1 WHERE name = OLD.actor;
END;
CREATE TRIGGER perpetrators_recounted AFTER UPDATE OF actor, stance ON perpetrators BEGIN
    UPDATE actor_names SET blamed = blamed - 1 WHERE name = OLD.actor AND OLD.stance <> 'denies';
    UPDATE actor_names SET blamed = blamed + 1 WHERE name = NEW.actor AND NEW.stance <> 'denies';
END;
