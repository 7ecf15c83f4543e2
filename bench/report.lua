-- Prints the counts of a run as one line of JSON, which wrk.py reads.
function report(summary, extra)
  local errors = summary.errors
  local failed = errors.connect + errors.read + errors.write + errors.status + errors.timeout
  io.write(string.format('\n{"requests":%d,"seconds":%.6f,"failed":%d,"stored":%d}\n',
    summary.requests, summary.duration / 1e6, failed, extra or 0))
end

function done(summary)
  report(summary)
end
