-- Procrastinate's tables for SQLite, as its release 3.10 has them for PostgreSQL.
--
-- A time on the calendar is text in UTC, 'YYYY-MM-DD HH:MM:SS.ffffff', so that comparing texts compares times.
-- A heartbeat is seconds of the machine's monotonic clock: no step of a calendar can make a worker look dead.

CREATE TABLE procrastinate_workers (
    id integer PRIMARY KEY AUTOINCREMENT,
    last_heartbeat real NOT NULL
);

CREATE TABLE procrastinate_jobs (
    id integer PRIMARY KEY AUTOINCREMENT,
    queue_name text NOT NULL,
    task_name text NOT NULL,
    priority integer NOT NULL DEFAULT 0,
    lock text,
    queueing_lock text,
    args text NOT NULL DEFAULT '{}',
    status text NOT NULL DEFAULT 'todo'
        CHECK (status IN ('todo', 'doing', 'succeeded', 'failed', 'cancelled', 'aborting', 'aborted')),
    scheduled_at text,
    attempts integer NOT NULL DEFAULT 0,
    abort_requested integer NOT NULL DEFAULT 0,
    worker_id integer REFERENCES procrastinate_workers (id) ON DELETE SET NULL,
    CHECK (NOT (status = 'todo' AND abort_requested))
);

CREATE TABLE procrastinate_periodic_defers (
    id integer PRIMARY KEY AUTOINCREMENT,
    task_name text NOT NULL,
    defer_timestamp integer,
    job_id integer REFERENCES procrastinate_jobs (id) ON DELETE SET NULL,
    periodic_id text NOT NULL DEFAULT '',
    UNIQUE (task_name, periodic_id, defer_timestamp)
);

CREATE TABLE procrastinate_events (
    id integer PRIMARY KEY AUTOINCREMENT,
    job_id integer NOT NULL REFERENCES procrastinate_jobs (id) ON DELETE CASCADE,
    type text NOT NULL,
    at text DEFAULT (strftime('%Y-%m-%d %H:%M:%f', 'now'))
);

-- Fetching walks this one in order and finds in it all it needs to pass over a job that is not due.
CREATE INDEX procrastinate_jobs_todo ON procrastinate_jobs (priority DESC, id, scheduled_at, queue_name, lock)
    WHERE status = 'todo';

CREATE INDEX procrastinate_jobs_doing ON procrastinate_jobs (worker_id) WHERE status = 'doing';

CREATE INDEX procrastinate_jobs_by_worker ON procrastinate_jobs (worker_id) WHERE worker_id IS NOT NULL;

CREATE INDEX procrastinate_jobs_by_lock ON procrastinate_jobs (lock) WHERE lock IS NOT NULL;

CREATE UNIQUE INDEX procrastinate_jobs_queueing_lock ON procrastinate_jobs (queueing_lock) WHERE status = 'todo';

CREATE UNIQUE INDEX procrastinate_jobs_one_doing ON procrastinate_jobs (lock) WHERE status = 'doing';

CREATE INDEX procrastinate_events_by_job ON procrastinate_events (job_id, at);

CREATE INDEX procrastinate_periodic_defers_by_job ON procrastinate_periodic_defers (job_id);

CREATE TRIGGER procrastinate_event_deferred AFTER INSERT ON procrastinate_jobs WHEN new.status = 'todo'
BEGIN
    INSERT INTO procrastinate_events (job_id, type) VALUES (new.id, 'deferred');
END;

CREATE TRIGGER procrastinate_event_status AFTER UPDATE OF status ON procrastinate_jobs WHEN old.status <> new.status
BEGIN
    INSERT INTO procrastinate_events (job_id, type)
    SELECT new.id, kind FROM (
        SELECT CASE
            WHEN old.status = 'todo' AND new.status = 'doing' THEN 'started'
            WHEN old.status = 'doing' AND new.status = 'todo' THEN 'deferred_for_retry'
            WHEN old.status = 'doing' AND new.status IN ('failed', 'succeeded', 'aborted') THEN new.status
            WHEN old.status = 'todo' AND new.status IN ('cancelled', 'failed', 'succeeded') THEN 'cancelled'
            WHEN old.status = 'failed' AND new.status = 'todo' THEN 'retried'
        END AS kind
    ) WHERE kind IS NOT NULL;
END;

CREATE TRIGGER procrastinate_event_scheduled_new AFTER INSERT ON procrastinate_jobs
WHEN new.scheduled_at IS NOT NULL AND new.status = 'todo'
BEGIN
    INSERT INTO procrastinate_events (job_id, type, at) VALUES (new.id, 'scheduled', new.scheduled_at);
END;

CREATE TRIGGER procrastinate_event_scheduled AFTER UPDATE ON procrastinate_jobs
WHEN new.scheduled_at IS NOT NULL AND new.status = 'todo'
BEGIN
    INSERT INTO procrastinate_events (job_id, type, at) VALUES (new.id, 'scheduled', new.scheduled_at);
END;

CREATE TRIGGER procrastinate_event_abort AFTER UPDATE OF abort_requested ON procrastinate_jobs WHEN new.abort_requested
BEGIN
    INSERT INTO procrastinate_events (job_id, type) VALUES (new.id, 'abort_requested');
END;
