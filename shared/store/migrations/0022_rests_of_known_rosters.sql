-- Rosters written before there were rules of rest are judged, too: a worker does so when it next looks.

INSERT INTO rest_checks (member_id, district_id, wanted_at)
SELECT DISTINCT member_id, district_id, now() FROM memberships WHERE during && tstzrange(now(), NULL)
    ON CONFLICT (member_id) DO NOTHING;
