// The settings our server is started with. They stand on its command line, so that a new version of the product changes them
// for existing data too, and nothing is edited inside the cluster.

export function serverArguments(options: { port: number; major: number }): string[] {
  const values: Record<string, string | number> = {
    // Only this machine, only TCP: a socket file would need a directory that both users may write, with a path under 108 bytes.
    listen_addresses: '127.0.0.1',
    port: options.port,
    unix_socket_directories: '',
    max_connections: 60, // roles in one process share a pool of a few tens; beside it CLIs, a psql, and 3 kept for a superuser

    // An acknowledged write survives kill -9 and power loss. These are defaults, said aloud because the product promises them.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_prepared_transactions: 0, // nobody here would ever finish a forgotten one, and it would hold back vacuum for good

    shared_buffers: '128MB', // the articles in circulation and all indexes of a small publisher, on a machine of 2 GB
    effective_cache_size: '512MB', // what the system caches beside it, there
    work_mem: '8MB', // rankings sort a few thousand rows; 60 × 8 MB is the worst case such a machine still survives
    random_page_cost: 1.1, // solid state, or cached
    max_wal_size: '512MB', // half the default: bounds both the disk it takes and the time a start after kill -9 takes
    jit: 'off', // our queries take a millisecond; compiling one takes fifty
    max_parallel_workers_per_gather: 0, // the second core belongs to Node; and a container has only 64 MB of /dev/shm
    ...(options.major >= 18 ? { io_method: 'sync' } : {}), // saves three processes that reading from cache does not need

    // A transaction idle for 5 s is a bug or a stopped process, and it blocks others and vacuum. And a query whose client was
    // killed should not run on: looked at every 5 s.
    idle_in_transaction_session_timeout: '5s',
    client_connection_check_interval: '5s',

    // Counter deltas and log rows are written and deleted all the time: look every 15 s instead of 60, begin at a twentieth of a
    // table instead of a fifth, and leave a core free (2 workers instead of 3).
    autovacuum_naptime: '15s',
    autovacuum_vacuum_scale_factor: 0.05,
    autovacuum_max_workers: 2,

    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: 'broadsheet', // shown by ps
    // Errors of statements are answers to us (a unique violation is a rule at work), so only what concerns the server is written.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    log_destination: 'stderr',
    logging_collector: 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
