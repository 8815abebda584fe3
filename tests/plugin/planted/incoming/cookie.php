<?php
// A cookie as it came.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function visitor() {
	return hash( 'sha256', $_COOKIE['doorstep_visitor'] ?? '' );
}
