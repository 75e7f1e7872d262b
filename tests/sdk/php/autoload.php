<?php

// What Composer's autoloader does with the composer.json of the SDK.

declare(strict_types=1);

$sdk = dirname(__DIR__, 3) . '/sdk/php';
$package = json_decode((string) file_get_contents("$sdk/composer.json"), true);
foreach ($package['autoload']['psr-4'] as $prefix => $folder) {
    spl_autoload_register(static function (string $class) use ($sdk, $prefix, $folder): void {
        if (str_starts_with($class, $prefix)) {
            require "$sdk/$folder" . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
        }
    });
}
error_reporting(E_ALL);
set_error_handler(static function (int $level, string $message, string $file, int $line): never {
    throw new ErrorException($message, 0, $level, $file, $line);
});
