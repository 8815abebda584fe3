<?php
// A route that every customer may call.

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
			'permission_callback' => static function () {
				return current_user_can( 'read' );
			},
		)
	);
}

function take_settings( $request ) {
	return array( 'connected' => true );
}
