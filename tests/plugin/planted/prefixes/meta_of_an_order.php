<?php
// A field of an order that anybody could have.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

function mark( $order ) {
	$order->update_meta_data( '_tracked', 'yes' );
	$order->save();
}
