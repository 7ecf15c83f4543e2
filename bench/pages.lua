-- Reads pages in random order, so that a session that is larger than the processor's caches does not profit from them.
-- Arguments after "--": the query strings of the pages.
dofile("report.lua")

function init(arguments)
  queries = arguments
  math.randomseed(7)
end

function request()
  return wrk.format(nil, wrk.path .. "?" .. queries[math.random(#queries)])
end
