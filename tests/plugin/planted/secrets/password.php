<?php
// A password in the text.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function log_in() {
	$password = 'hunter2-hunter2';
	return md5( $password );
}
