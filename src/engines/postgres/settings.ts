// The settings of the server. They are command line arguments, so that a new version of the product changes them for existing
// data too, and no file of the cluster is edited.

// A process has a pool of a few tens; the rest is for CLIs, psql, and 3 reserved for a superuser.
const CONNECTIONS_MAX = 60

interface ServerOptions {
  port: number
  major: number
  connectionsMax?: number
}

export function serverArguments({ port, major, connectionsMax = CONNECTIONS_MAX }: ServerOptions): string[] {
  const values: Record<string, string | number> = {
    // This machine and TCP only: a socket file would need a folder that both users may write, with a path under 108 bytes.
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: connectionsMax,

    // An acknowledged write survives kill -9 and power loss. These are defaults; they are listed because the product promises them.
    fsync: 'on',
    synchronous_commit: 'on',
    full_page_writes: 'on',
    max_prepared_transactions: 0, // the product uses none, and a forgotten one would hold back vacuum for good

    shared_buffers: '128MB', // holds the current articles and all indexes of a small publisher, on a machine of 2 GB
    effective_cache_size: '512MB', // with the file cache of such a machine
    work_mem: '8MB', // rankings sort a few thousand rows; such a machine survives 60 × 8 MB
    random_page_cost: 1.1, // solid state disk, or cached
    max_wal_size: '512MB', // half the default: limits disk space and the time of a start after kill -9
    jit: 'off', // a query takes a millisecond; compiling it takes fifty
    max_parallel_workers_per_gather: 0, // the second core is for Node, and a container has only 64 MB of /dev/shm
    ...(major >= 18 ? { io_method: 'sync' } : {}), // saves three processes that reads from the cache do not need

    // A transaction that is idle for 5 s is a bug or a stopped process, and blocks others and vacuum. A query whose client was
    // killed ends within 5 s.
    idle_in_transaction_session_timeout: '5s',
    client_connection_check_interval: '5s',

    // Counter deltas and log rows are written and deleted all the time: vacuum checks every 15 s instead of 60 and begins at a
    // twentieth of a table instead of a fifth. Two workers instead of three leave a core free.
    autovacuum_naptime: '15s',
    autovacuum_vacuum_scale_factor: 0.05,
    autovacuum_max_workers: 2,

    timezone: 'UTC',
    log_timezone: 'UTC',
    cluster_name: 'broadsheet', // shown by ps
    // Only messages about the server are logged: the product handles the errors of statements, such as unique violations.
    log_min_messages: 'log',
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    log_destination: 'stderr',
    logging_collector: 'off',
  }
  return Object.entries(values).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
