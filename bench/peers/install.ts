/** What to say where a peer is missing. Their daemons need not run; the benchmarks start servers of their own. */
export const howToInstall =
  '`apt-get install -y --no-install-recommends ejabberd prosody lua-dbi-sqlite3 lua-dbi-postgresql erlang-p1-sqlite3 erlang-p1-pgsql postgresql`'
