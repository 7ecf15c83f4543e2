<?php
// Arguments: method, path and, if there is one, the body. Prints the body and the status.
$options = array(
    'http' => array(
        'method' => $argv[1],
        'header' => "Content-Type: application/json\r\n" .
                    "api_key: ror-ae4fc6c19681a20fad30\r\n" .
                    "Accept: application/json\r\n"
    )
);
if (isset($argv[3])) {
    $options['http']['content'] = $argv[3];
}

$context = stream_context_create($options);
$result = file_get_contents("https://api.runonrufus.com/v0" . $argv[2], false, $context);
if ($result === false) {
    exit(1);
}
echo $result, "\n", explode(" ", $http_response_header[0])[1], "\n";
