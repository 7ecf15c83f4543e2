-- Reads pages in random order: a session that is larger than the processor's caches must not hide in them.
-- Arguments after "--": the query strings of the pages.
dofile("report.lua")

function init(arguments)
  queries = arguments
  math.randomseed(7)
end

function request()
  return wrk.format(nil, wrk.path .. "?" .. queries[math.random(#queries)])
end
