<?php
// A file of another machine.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function ask() {
	return file_get_contents( 'https://app.example/settings.json' );
}
