// Arguments: method, path and, if there is one, the body. Prints the body and the status.
const [method, path, body] = process.argv.slice(2);

fetch("https://api.runonrufus.com/v0" + path, {
  method,
  headers: {
    "Content-Type": "application/json",
    "api_key": "ror-ae4fc6c19681a20fad30",
  },
  body,
})
  .then(async (response) => console.log(`${await response.text()}\n${response.status}`))
  .catch((error) => {
    console.error(error);
    process.exitCode = 1;
  });
