<?php
// A query put together before.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function forget( $name ) {
	global $wpdb;
	$query = 'DELETE FROM ' . $wpdb->options . ' WHERE option_name = "' . esc_sql( $name ) . '"';
	$wpdb->query( $query );
}
