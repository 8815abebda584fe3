<?php
// A route without a permission_callback.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

add_action( 'rest_api_init', __NAMESPACE__ . '\\add_route' );

function add_route() {
	register_rest_route(
		'wc-doorstep/v1',
		'/settings',
		array(
			'methods'  => 'POST',
			'callback' => __NAMESPACE__ . '\\take_settings',
		)
	);
}

function take_settings( $request ) {
	return array( 'connected' => true );
}
