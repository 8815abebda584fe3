<?php
// A file by a name that comes from outside.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function load( $name ) {
	require_once __DIR__ . '/' . $name . '.php';
}
