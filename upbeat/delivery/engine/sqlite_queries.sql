-- The statements behind Procrastinate's queries, in the file format of its own queries.sql.
-- Those named after one of its queries answer it alone; the others are steps of sqlite_queries.py.

-- defer_jobs --
INSERT INTO procrastinate_jobs (queue_name, task_name, priority, lock, queueing_lock, args, scheduled_at)
SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]'),
       json_extract(value, '$[3]'), json_extract(value, '$[4]'), json_extract(value, '$[5]'),
       json_extract(value, '$[6]')
  FROM json_each(%(jobs)s) ORDER BY key
RETURNING id;

-- waiting_queueing_locks --
SELECT queueing_lock FROM procrastinate_jobs
 WHERE status = 'todo' AND queueing_lock IN (SELECT value FROM json_each(%(locks)s));

-- remember_periodic_defer --
INSERT INTO procrastinate_periodic_defers (task_name, periodic_id, defer_timestamp)
VALUES (%(task_name)s, %(periodic_id)s, %(defer_timestamp)s)
ON CONFLICT DO NOTHING RETURNING id;

-- link_periodic_defer --
UPDATE procrastinate_periodic_defers SET job_id = %(job_id)s WHERE id = %(id)s;

-- forget_older_periodic_defers --
DELETE FROM procrastinate_periodic_defers
 WHERE task_name = %(task_name)s AND periodic_id = %(periodic_id)s AND defer_timestamp < %(defer_timestamp)s;

-- due_job --
SELECT id FROM procrastinate_jobs AS job
 WHERE status = 'todo'
   AND (scheduled_at IS NULL OR scheduled_at <= %(now)s)
   AND (%(queues)s IS NULL OR queue_name IN (SELECT value FROM json_each(%(queues)s)))
   AND (lock IS NULL OR NOT EXISTS (
        SELECT 1 FROM procrastinate_jobs AS other
         WHERE other.lock = job.lock
           AND (other.status = 'doing' OR (other.status = 'todo' AND (
                other.priority > job.priority OR (other.priority = job.priority AND other.id < job.id))))))
 ORDER BY priority DESC, id LIMIT 1

-- take_job --
UPDATE procrastinate_jobs SET status = 'doing', worker_id = %(worker_id)s
 WHERE id = ({due_job})
RETURNING id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id;

-- select_stalled_jobs_by_started --
SELECT job.id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id,
       MAX(event.at) AS started_at
  FROM procrastinate_jobs AS job JOIN procrastinate_events AS event ON event.job_id = job.id
 WHERE event.type = 'started' AND job.status = 'doing'
   AND (%(queue)s IS NULL OR queue_name = %(queue)s)
   AND (%(task_name)s IS NULL OR task_name = %(task_name)s)
 GROUP BY job.id
HAVING MAX(event.at) < strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', (0 - %(nb_seconds)s) || ' seconds');

-- select_stalled_jobs_by_heartbeat --
-- A heartbeat from the future is one from before the machine's last start.
SELECT id, status, task_name, priority, lock, queueing_lock, args, scheduled_at, queue_name, attempts, worker_id
  FROM procrastinate_jobs
 WHERE status = 'doing'
   AND (%(queue)s IS NULL OR queue_name = %(queue)s)
   AND (%(task_name)s IS NULL OR task_name = %(task_name)s)
   AND (worker_id IS NULL OR worker_id IN (
        SELECT id FROM procrastinate_workers
         WHERE last_heartbeat NOT BETWEEN %(elapsed)s - %(seconds_since_heartbeat)s AND %(elapsed)s));

-- delete_old_jobs --
DELETE FROM procrastinate_jobs
 WHERE status IN (SELECT value FROM json_each(%(statuses)s))
   AND (%(queue)s IS NULL OR queue_name = %(queue)s)
   AND (SELECT MAX(at) FROM procrastinate_events WHERE job_id = procrastinate_jobs.id)
       < strftime('%%Y-%%m-%%d %%H:%%M:%%f', 'now', (0 - %(nb_hours)s) || ' hours');

-- end_job --
UPDATE procrastinate_jobs
   SET status = %(status)s, abort_requested = 0, attempts = attempts + (status = 'doing')
 WHERE id = %(job_id)s AND status IN ('todo', 'doing') RETURNING id;

-- end_and_delete_job --
DELETE FROM procrastinate_jobs WHERE id = %(job_id)s AND status IN ('todo', 'doing') RETURNING id;

-- cancel_waiting_job --
UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %(job_id)s AND status = 'todo' RETURNING id;

-- cancel_or_abort_job --
UPDATE procrastinate_jobs
   SET abort_requested = 1, status = CASE status WHEN 'todo' THEN 'cancelled' ELSE status END
 WHERE id = %(job_id)s AND status IN ('todo', 'doing') RETURNING id, status, queue_name;

-- delete_waiting_job --
DELETE FROM procrastinate_jobs WHERE id = %(job_id)s AND status = 'todo' RETURNING id;

-- get_job_status --
SELECT status FROM procrastinate_jobs WHERE id = %(job_id)s;

-- fail_aborted_job --
UPDATE procrastinate_jobs SET status = 'failed'
 WHERE id = %(job_id)s AND status = 'doing' AND abort_requested RETURNING id;

-- put_back_job --
UPDATE procrastinate_jobs
   SET status = 'todo', attempts = attempts + 1, scheduled_at = %(retry_at)s,
       priority = COALESCE(%(new_priority)s, priority),
       queue_name = COALESCE(%(new_queue_name)s, queue_name),
       lock = COALESCE(%(new_lock)s, lock)
 WHERE id = %(job_id)s AND status IN ('doing', 'failed') RETURNING id;

-- check_connection --
SELECT (SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'procrastinate_jobs') AS "check";

-- count_jobs_status --
SELECT COUNT(*) AS count, status FROM procrastinate_jobs GROUP BY status;

-- list_jobs --
SELECT id, queue_name, task_name, priority, lock, queueing_lock, args, status, scheduled_at, attempts,
       abort_requested, worker_id
  FROM procrastinate_jobs
 WHERE (%(id)s IS NULL OR id = %(id)s)
   AND {filter}
   AND (%(queueing_lock)s IS NULL OR queueing_lock = %(queueing_lock)s)
   AND (%(worker_id)s IS NULL OR worker_id = %(worker_id)s)
 ORDER BY id;

-- list_queues --
SELECT name, SUM(jobs) AS jobs_count, json_group_object(status, jobs) AS stats FROM (
    SELECT queue_name AS name, status, COUNT(*) AS jobs FROM procrastinate_jobs WHERE {filter} GROUP BY 1, 2
) GROUP BY name ORDER BY name;

-- list_tasks --
SELECT name, SUM(jobs) AS jobs_count, json_group_object(status, jobs) AS stats FROM (
    SELECT task_name AS name, status, COUNT(*) AS jobs FROM procrastinate_jobs WHERE {filter} GROUP BY 1, 2
) GROUP BY name ORDER BY name;

-- list_locks --
SELECT name, SUM(jobs) AS jobs_count, json_group_object(status, jobs) AS stats FROM (
    SELECT lock AS name, status, COUNT(*) AS jobs FROM procrastinate_jobs
     WHERE lock IS NOT NULL AND {filter} GROUP BY 1, 2
) GROUP BY name ORDER BY name;

-- list_jobs_to_abort --
SELECT id FROM procrastinate_jobs
 WHERE status = 'doing' AND abort_requested AND (%(queue_name)s IS NULL OR queue_name = %(queue_name)s);

-- register_worker --
INSERT INTO procrastinate_workers (last_heartbeat) VALUES (%(elapsed)s) RETURNING id AS worker_id;

-- unregister_worker --
DELETE FROM procrastinate_workers WHERE id = %(worker_id)s;

-- update_heartbeat --
UPDATE procrastinate_workers SET last_heartbeat = %(elapsed)s WHERE id = %(worker_id)s;

-- prune_stalled_workers --
DELETE FROM procrastinate_workers
 WHERE last_heartbeat NOT BETWEEN %(elapsed)s - %(seconds_since_heartbeat)s AND %(elapsed)s
RETURNING id AS worker_id;

-- filter --
(%(queue_name)s IS NULL OR queue_name = %(queue_name)s)
   AND (%(task_name)s IS NULL OR task_name = %(task_name)s)
   AND (%(status)s IS NULL OR status = %(status)s)
   AND (%(lock)s IS NULL OR lock = %(lock)s)
