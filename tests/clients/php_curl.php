<?php
// Arguments: method, path and, if there is one, the body. Prints the body and the status.
$request = curl_init("https://api.runonrufus.com/v0" . $argv[2]);

curl_setopt_array($request, array(
    CURLOPT_CUSTOMREQUEST => $argv[1],
    CURLOPT_RETURNTRANSFER => true,
    CURLOPT_HTTPHEADER => array(
        "Content-Type: application/json",
        "api_key: ror-ae4fc6c19681a20fad30"
    )
));
if (isset($argv[3])) {
    curl_setopt($request, CURLOPT_POSTFIELDS, $argv[3]);
}

$result = curl_exec($request);
if ($result === false) {
    fwrite(STDERR, curl_error($request));
    exit(1);
}
echo $result, "\n", curl_getinfo($request, CURLINFO_RESPONSE_CODE), "\n";
