-- Every specification of the grid, written by hand for DuckDB: the same rules, the same counts, one statement.
-- Parameters: $as_of, $scale, and the scale's figures.
WITH
spans AS MATERIALIZED (
  SELECT course_id, patient_id, started_day,
         lead(started_day) OVER w AS next_started,
         row_number() OVER w AS nth
  FROM courses WINDOW w AS (PARTITION BY patient_id ORDER BY started_day)
),
spanned AS MATERIALIZED (
  SELECT i.infusion_id, i.patient_id, i.day, i.route, s.course_id, s.started_day, s.nth,
         i.day::BIGINT * 262144 + coalesce(i.instant - i.day::BIGINT * 86400 + 50401, 0) AS turn
  FROM infusions i LEFT JOIN spans s
    ON s.patient_id = i.patient_id
   AND ((s.started_day <= i.day AND (s.next_started IS NULL OR i.day < s.next_started))
        OR (s.nth = 1 AND i.day < s.started_day))
),
opened AS (
  SELECT *, sum(opens) OVER (PARTITION BY patient_id ORDER BY turn) AS run
  FROM (
    SELECT *, CASE WHEN day - lag(day) OVER (PARTITION BY patient_id ORDER BY turn) <= 90 THEN 0 ELSE 1 END AS opens
    FROM spanned WHERE course_id IS NULL OR day < started_day
  )
),
derived AS MATERIALIZED (
  SELECT infusion_id, patient_id, day, route, turn,
         -max(CASE WHEN opens = 1 THEN infusion_id END) OVER (PARTITION BY patient_id, run) AS course_id
  FROM opened
),
assigned AS (
  SELECT course_id, patient_id, day, turn, route FROM spanned WHERE started_day <= day
  UNION ALL
  SELECT course_id, patient_id, day, turn, route FROM derived
),
numbered AS (
  SELECT a.*, coalesce(c.planned_infusions, 6) AS planned,
         row_number() OVER w AS number, day - lag(day) OVER w AS gap
  FROM assigned a LEFT JOIN courses c USING (course_id)
  WHERE a.day <= $as_of
  WINDOW w AS (PARTITION BY a.course_id ORDER BY turn)
),
walked AS (
  SELECT n.*, number <= planned AND number < coalesce(min(number) FILTER (gap > 14) OVER (PARTITION BY course_id), 1000000) AS inside
  FROM numbered n
),
ends AS (
  SELECT course_id, any_value(patient_id) AS patient_id, any_value(planned) AS planned,
         min(turn) AS d0, max(turn) FILTER (inside) AS e, min(turn) FILTER (NOT inside) AS next_in_course,
         count(*) FILTER (inside) AS induction, arg_min(route, turn) AS route
  FROM walked GROUP BY course_id
),
inductions AS MATERIALIZED (
  SELECT e.*, coalesce(e.next_in_course, lead(e.d0) OVER w) AS next, row_number() OVER w AS course_number,
         e.induction >= e.planned AS completed,
         e.d0 // 262144 AS d0_day, e.e // 262144 AS e_day,
         CASE WHEN e.d0 % 262144 = 0 THEN e.d0 + 262142 ELSE e.d0 END AS d0_barrier,
         CASE WHEN e.e % 262144 = 0 THEN e.e + 262142 ELSE e.e END AS e_barrier,
         CASE WHEN e.induction < e.planned THEN least(e.e // 262144 + 15, coalesce(c.ended_day, 1000000)) END AS quiet,
         coalesce(c.indication, 'depression') AS indication, c.failed_trials_episode AS trials
  FROM ends e LEFT JOIN courses c USING (course_id)
  WINDOW w AS (PARTITION BY e.patient_id ORDER BY e.d0)
),
scored AS (
  SELECT i.course_id, a.total, a.place,
         a.day - i.d0_day AS d, a.day - i.e_day AS e,
         a.stated > i.d0_barrier AS after_d0, a.stated > i.e_barrier AS after_e,
         i.next IS NULL OR a.stated <= CASE WHEN i.next % 262144 = 0 THEN i.next + 262142 ELSE i.next END AS before_next,
         i.d0_barrier - i.d0_day * 262144 AS d0_place,
         (a.day - i.d0_day) * 86400 + a.place - (i.d0_barrier - i.d0_day * 262144) AS elapsed,
         a.place > 0 AND i.d0_barrier - i.d0_day * 262144 < 262142 AS timed
  FROM (
    SELECT patient_id, day, total::BIGINT AS total, place,
           day::BIGINT * 262144 + CASE timing WHEN 'before' THEN 0 WHEN 'after' THEN 262143 ELSE place END AS stated
    FROM (
      SELECT *, coalesce(instant - day::BIGINT * 86400 + 50401, 0) AS place FROM assessments
      WHERE scale = $scale AND day <= $as_of AND status IN ('complete', 'prorated', 'total_only') AND total IS NOT NULL
    )
  ) a JOIN inductions i USING (patient_id)
  WHERE a.day >= i.d0_day - 14
),
chosen AS MATERIALIZED (
  SELECT course_id,
    max((d + 14) * 268435456 + place * 1024 + total) FILTER (NOT after_d0 AND d <= 0) AS baseline,
    min(CASE WHEN timed THEN abs(elapsed - 86400) * 2 + (elapsed > 86400)::INT
             WHEN place > 0 THEN place
             WHEN d0_place < 262142 THEN 1 ELSE 262143 END * 1024 + total)
      FILTER (after_d0 AND CASE WHEN timed THEN elapsed BETWEEN 43200 AND 172800 ELSE d = 1 END) AS h24,
    min((abs(d - 7) * 2 + (d > 7)::INT) * 268435456 + place * 1024 + total) FILTER (d BETWEEN 5 AND 10) AS d7,
    min((abs(e - 3) * 2 + (e > 3)::INT) * 268435456 + place * 1024 + total)
      FILTER (e BETWEEN 0 AND 7 AND after_e AND after_d0 AND before_next) AS eoi,
    min((abs(e - 21) * 2 + (e > 21)::INT) * 268435456 + place * 1024 + total) FILTER (e BETWEEN 14 AND 31) AS p14_31,
    min((abs(d - 42) * 2 + (d > 42)::INT) * 268435456 + place * 1024 + total) FILTER (d BETWEEN 35 AND 49) AS w6,
    min((abs(d - 91) * 2 + (d > 91)::INT) * 268435456 + place * 1024 + total) FILTER (d BETWEEN 77 AND 105) AS m3,
    min((abs(d - 180) * 2 + (d > 180)::INT) * 268435456 + place * 1024 + total) FILTER (d BETWEEN 120 AND 240) AS m6,
    min((abs(d - 365) * 2 + (d > 365)::INT) * 268435456 + place * 1024 + total) FILTER (d BETWEEN 305 AND 425) AS m12,
    max(d * 268435456 + place * 1024 + total)
      FILTER (after_d0 AND CASE WHEN timed THEN elapsed < 43200 ELSE d = 0 END) AS h24_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND d < 5) AS d7_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND NOT after_e) AS eoi_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND e < 14) AS p14_31_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND d < 35) AS w6_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND d < 77) AS m3_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND d < 120) AS m6_c,
    max(d * 268435456 + place * 1024 + total) FILTER (after_d0 AND d < 305) AS m12_c
  FROM scored GROUP BY course_id
),
eligible AS MATERIALIZED (
  SELECT c.*, c.baseline % 1024 AS b, i.completed, i.d0_day, i.e_day, i.quiet
  FROM inductions i JOIN chosen c USING (course_id)
  WHERE i.course_number = 1 AND i.indication IN ('depression', 'bipolar_depression')
    AND i.trials >= 2 AND c.baseline IS NOT NULL
),
cells AS MATERIALIZED (
  SELECT 'h24' AS w, b, completed, h24 % 1024 AS f, CASE WHEN h24 IS NULL THEN h24_c % 1024 END AS c, count(*) AS n
    FROM eligible WHERE d0_day + 2 <= $as_of GROUP BY ALL UNION ALL
  SELECT 'd7', b, completed, d7 % 1024 AS f, CASE WHEN d7 IS NULL THEN d7_c % 1024 END AS c, count(*)
    FROM eligible WHERE d0_day + 10 <= $as_of GROUP BY ALL UNION ALL
  SELECT 'end_of_induction', b, completed, eoi % 1024 AS f, CASE WHEN eoi IS NULL THEN eoi_c % 1024 END AS c, count(*)
    FROM eligible WHERE greatest(e_day + 7, coalesce(quiet, 0)) <= $as_of GROUP BY ALL UNION ALL
  SELECT 'p14_31', b, completed, p14_31 % 1024 AS f, CASE WHEN p14_31 IS NULL THEN p14_31_c % 1024 END AS c, count(*)
    FROM eligible WHERE greatest(e_day + 31, coalesce(quiet, 0)) <= $as_of GROUP BY ALL UNION ALL
  SELECT 'w6', b, completed, w6 % 1024 AS f, CASE WHEN w6 IS NULL THEN w6_c % 1024 END AS c, count(*)
    FROM eligible WHERE d0_day + 49 <= $as_of GROUP BY ALL UNION ALL
  SELECT 'm3', b, completed, m3 % 1024 AS f, CASE WHEN m3 IS NULL THEN m3_c % 1024 END AS c, count(*)
    FROM eligible WHERE d0_day + 105 <= $as_of GROUP BY ALL UNION ALL
  SELECT 'm6', b, completed, m6 % 1024 AS f, CASE WHEN m6 IS NULL THEN m6_c % 1024 END AS c, count(*)
    FROM eligible WHERE d0_day + 240 <= $as_of GROUP BY ALL UNION ALL
  SELECT 'm12', b, completed, m12 % 1024 AS f, CASE WHEN m12 IS NULL THEN m12_c % 1024 END AS c, count(*)
    FROM eligible WHERE d0_day + 425 <= $as_of GROUP BY ALL
),
judged AS (
  SELECT w, completed, f IS NOT NULL AS seen, n, b, coalesce(f, c) AS s, unnest([
    {'o': 'response', 'm': 2 * coalesce(f, c) <= b, 'ok': b > 0},
    {'o': 'partial_response', 'm': 4 * coalesce(f, c) <= 3 * b AND 2 * coalesce(f, c) > b, 'ok': b > 0},
    {'o': 'remission', 'm': coalesce(f, c) <= 4, 'ok': true},
    {'o': 'mcid', 'm': b - coalesce(f, c) >= 5, 'ok': true},
    {'o': 'mcid20', 'm': 5 * (b - coalesce(f, c)) >= b, 'ok': b > 0},
    {'o': 'reliable_improvement', 'm': b - coalesce(f, c) >= 6, 'ok': true},
    {'o': 'recovery', 'm': b >= 10 AND coalesce(f, c) < 10, 'ok': true},
    {'o': 'reliable_recovery', 'm': b >= 10 AND coalesce(f, c) < 10 AND b - coalesce(f, c) >= 6, 'ok': true},
    {'o': 'response_and_le9', 'm': 2 * coalesce(f, c) <= b AND coalesce(f, c) <= 9, 'ok': b > 0},
    {'o': 'deterioration', 'm': coalesce(f, c) - b >= 6, 'ok': true}
  ]) AS j
  FROM cells
),
sums AS (
  SELECT j.o AS outcome, w, g.gate,
         sum(n) FILTER (seen) AS observed, sum(n) FILTER (seen AND j.m) AS met,
         sum(n) FILTER (seen AND completed) AS completers, sum(n) FILTER (seen AND completed AND j.m) AS completers_met,
         sum(n) FILTER (NOT seen) AS missing, sum(n) FILTER (NOT seen AND j.m) AS carried_met
  FROM judged JOIN (VALUES (0), (10)) g(gate) ON b >= g.gate
  WHERE j.ok GROUP BY ALL
)
SELECT outcome, w, gate, coalesce(observed, 0), coalesce(met, 0), coalesce(completers, 0), coalesce(completers_met, 0),
       coalesce(missing, 0), coalesce(carried_met, 0)
FROM sums
