# Arguments: method, path and, if there is one, the body. Prints the body and the status.
curl -X "$1" \
  -H "Content-Type: application/json" \
  -H "api_key: ror-ae4fc6c19681a20fad30" \
  ${3:+-d "$3"} \
  -w "\n%{http_code}\n" --silent --show-error \
  "https://api.runonrufus.com/v0$2"
