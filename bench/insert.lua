-- Posts lists of passings. Every list has different numbers and times, so that every passing is new and stored.
-- Arguments after "--": token_session, passings per list, number of lists to generate before the measurement starts, so
-- that generating them does not compete with the server for processor time.
dofile("report.lua")

local threads = {}

function setup(thread)
  table.insert(threads, thread)
end

local function list(number)
  local minute = os.date('!,{"timestamp":"%Y-%m-%dT%H:%M:', 1767225600 + 60 * number)
  for i = 1, size do
    local at = 4 * i
    parts[at - 3], parts[at - 2], parts[at - 1], parts[at] = minute, middle[i], number * size + i, tail[i]
  end
  parts[1] = head .. minute:sub(2)
  return wrk.format("POST", nil, nil, table.concat(parts))
end

function init(arguments)
  head = '{"token_session":"' .. arguments[1] .. '","passings_list":['
  size, lists, stored = tonumber(arguments[2]), 0, 0
  middle, tail, parts, made = {}, {}, {}, {}
  for i = 1, size do
    local ms = math.floor((i - 1) * 60000 / size) -- a list fills a minute
    middle[i] = string.format('%02d.%03dZ","num_passing":', math.floor(ms / 1000), ms % 1000)
    tail[i] = string.format(
      ',"latitude":"41.%06d","longitude":"2.%06d","status":"Sent","chip":"30303030304D43%010d","bib":"%d",'
        .. '"timezone":"Europe/Madrid"}',
      385000 + i % 97, 173000 + i % 89, 3030303030 + i, i)
  end
  parts[4 * size + 1] = "]}"
  for number = 1, tonumber(arguments[3]) do
    made[number] = list(number - 1)
  end
end

function request()
  lists = lists + 1
  return made[lists] or list(lists - 1)
end

function response(_, _, body)
  stored = stored + tonumber(body:match('"inserted_count":(%d+)') or 0)
end

function done(summary)
  local all = 0
  for _, thread in ipairs(threads) do
    all = all + thread:get("stored")
  end
  report(summary, all)
end
