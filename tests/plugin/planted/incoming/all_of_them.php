<?php
// Every parameter at once.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function remember() {
	foreach ( $_GET as $name => $value ) {
		update_option( 'doorstep_seen', sanitize_key( $name ) );
	}
}
